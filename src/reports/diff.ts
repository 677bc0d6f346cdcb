import { formatPatch, OMIT_HEADERS, structuredPatch, type StructuredPatch, type StructuredPatchHunk } from 'diff';

/** Lines shown around a change, as git does. */
const context = 3;

/** Beyond this many changed lines the exact diff costs more than it tells: 2,000 take about 0.4 s whatever the size of the texts. */
const usualEditLimit = 2_000;

/** Safety net on a slow machine, in milliseconds; the edit limit comes first, so that the same texts give the same diff. */
const timeout = 800;

export interface DiffInput {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Lines removed and added up to which the diff is exact. */
  readonly maxEditLength?: number;
}

/**
 * The unified diff from one text to another as `git apply` takes it; '' where they are equal.
 *
 * Out     names as a/NAME and b/NAME, quoted as git does with core.quotePath off; '\ No newline at end of file' exactly where the newline is missing;
 *         texts too different to compare within a second give one hunk that replaces everything between their common ends
 */
export function unifiedDiff({ name, before, after, maxEditLength = usualEditLimit }: DiffInput): string {
  if (before === after) return '';
  const exact = structuredPatch('', '', before, after, undefined, undefined, { context, maxEditLength, timeout });
  const hunks = formatPatch(exact ?? replacement(before, after), OMIT_HEADERS);
  return `--- ${quoted(`a/${name}`)}\n+++ ${quoted(`b/${name}`)}\n${hunks}`;
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

// A name with a line feed in it must not begin a line of its own.
function quoted(name: string): string {
  const special = /["\\]|\p{Cc}/gu;
  if (name.search(special) < 0) return name;
  const octal = (character: string): string => [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `"${name.replace(special, (character) => escapes[character] ?? octal(character))}"`;
}

function replacement(before: string, after: string): StructuredPatch {
  const [old, fresh] = [splitLines(before), splitLines(after)];
  const start = commonStart(old, fresh);
  const end = commonEnd(old, fresh, start);
  const lead = Math.min(start, context);
  const tail = Math.min(end, context);
  const hunk: StructuredPatchHunk = {
    oldStart: start - lead + 1,
    oldLines: old.length - start - end + lead + tail,
    newStart: start - lead + 1,
    newLines: fresh.length - start - end + lead + tail,
    lines: [],
  };
  for (const line of old.slice(start - lead, start)) push(hunk, ' ', line);
  for (const line of old.slice(start, old.length - end)) push(hunk, '-', line);
  for (const line of fresh.slice(start, fresh.length - end)) push(hunk, '+', line);
  for (const line of old.slice(old.length - end, old.length - end + tail)) push(hunk, ' ', line);
  return { oldFileName: '', newFileName: '', oldHeader: undefined, newHeader: undefined, hunks: [hunk] };
}

function push(hunk: StructuredPatchHunk, sign: ' ' | '-' | '+', line: string): void {
  if (line.endsWith('\n')) hunk.lines.push(sign + line.slice(0, -1));
  else hunk.lines.push(sign + line, '\\ No newline at end of file');
}

// Each line keeps its '\n', so that a last line without one differs from the same line with one.
function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => `${line}\n`);
  const last = lines.pop()!.slice(0, -1);
  return last === '' ? lines : [...lines, last];
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}

function commonEnd(a: readonly string[], b: readonly string[], start: number): number {
  let count = 0;
  while (count < a.length - start && count < b.length - start && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
}
