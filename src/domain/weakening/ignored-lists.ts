import { firstSurplus, marksOf, type Lines, type Mark } from './marks.ts';

const beginning = /(?<![\w-])["']?((?:extend-|per-file-|report_)?(?:ignores?|exclude|disable|omit|skips?)|ignore_?Patterns|ignorePaths|coveragePathIgnorePatterns|testPathIgnorePatterns|exclude_lines)["']?\s{0,4}[:=]/i;
const trailingComment = /\s(?:#|\/\/)/;
/** Longest line that is looked at. */
const longest = 2_000;

/** Why the settings after name more files or rules to be passed over, or null: longer lists such as `ignore = [...]`, `exclude:` or `disable=`. */
export function grownList(from: Lines, to: Lines): string | null {
  const grown = firstSurplus({ from, fromMarks: entries(from), to, toMarks: entries(to) });
  return grown === null ? null : `It lowers a setting: line ${grown.line} adds to what ${grown.key} passes over.`;
}

/** The same for a file that is such a list itself, as .eslintignore is. */
export function grownIgnoreFile(before: Lines, after: Lines): string | null {
  const patterns = (lines: Lines): Mark[] => marksOf(lines, /^\s{0,40}[^#\s!]/g, () => 'pattern');
  const grown = firstSurplus({ from: before, fromMarks: patterns(before), to: after, toMarks: patterns(after) });
  return grown === null ? null : `It lowers a setting: line ${grown.line} makes a tool pass over more files.`;
}

interface OpenList {
  readonly key: string;
  /** Brackets that are open. */
  readonly depth: number;
}

function entries({ all }: Lines): Mark[] {
  const marks: Mark[] = [];
  let open: OpenList | null = null;
  for (const [index, line] of all.entries()) {
    const part = listPart(line.slice(0, longest), open);
    open = null;
    if (part === null) continue;
    for (const _ of words(part.text)) marks.push({ key: part.key, line: index + 1 });
    const depth = part.depth + count(part.text, /[[{]/g) - count(part.text, /[\]}]/g);
    if (depth > 0 || !/[\]}]/.test(part.text)) open = { key: part.key, depth };
  }
  return marks;
}

// A list goes on while brackets are open, and over lines that begin with a dash or hold one word further in.
function listPart(line: string, open: OpenList | null): (OpenList & { readonly text: string }) | null {
  const match = beginning.exec(line);
  if (match !== null) return { key: match[1]!, depth: 0, text: withoutComment(line.slice(match.index + match[0].length)) };
  if (open === null) return null;
  const goesOn = open.depth > 0 || /^\s{0,200}-\s|^\s{1,200}[^\s:=]{1,200},?\s{0,200}$/.test(line);
  return goesOn ? { ...open, text: withoutComment(line) } : null;
}

function withoutComment(text: string): string {
  return text.split(trailingComment, 1)[0]!;
}

function words(text: string): string[] {
  return text.split(/[\s,[\]{}()"':=]+/).filter((word) => !['', '-', 'true', 'false'].includes(word));
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
