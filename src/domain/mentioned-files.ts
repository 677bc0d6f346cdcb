/** Longer texts are looked through up to here; UTF-16 units. */
const lookedAt = 1_000_000;
/** A name that more files bear than this says nothing about which of them is meant. */
const mostNamesakes = 3;

const codeSpans = /`([^`\n]{1,300})`/g;
const linkTargets = /\]\(\s{0,3}<?([^)\s>]{1,500})/g;
const words = /[\p{L}\p{N}\p{M}_@.+~-][\p{L}\p{N}\p{M}_@.+~/-]{0,500}/gu;
/** Beside `words`, for languages that set no spaces: 'config.yamlを読む'. */
const latinWords = /[A-Za-z0-9_@.+~-][A-Za-z0-9_@.+~/-]{0,500}/g;

export interface Project {
  /** Its folder's own name, which a path in the text may begin with. */
  readonly name?: string;
  /** Relative to the project. */
  readonly files: readonly string[];
  /** Of the text, relative to the project; '' for the project itself. Absent where the text lies elsewhere. */
  readonly ownFolder?: string;
}

/**
 * The files of a project that a text names, in the order in which it first does: by path (from the project, from the text's own
 * folder, or the end of one), or by a name with an extension that few files bear. A name without an extension counts in a code span
 * or a link.
 */
export function mentionedFiles(text: string, project: Project): string[] {
  const index = indexOf(project.files);
  const found = new Set<string>();
  for (const word of wordsOf(text.slice(0, lookedAt))) {
    for (const file of meantBy(word, index, project)) found.add(file);
  }
  return [...found];
}

interface Word {
  readonly at: number;
  readonly text: string;
  /** Marked as a name by whoever wrote it. */
  readonly marked: boolean;
}

function wordsOf(text: string): Word[] {
  const all = [
    ...[...text.matchAll(codeSpans)].map(({ index, 1: span = '' }) => ({ at: index, text: span.trim(), marked: true })),
    ...[...text.matchAll(linkTargets)].map(({ index, 1: target = '' }) => ({ at: index, text: decoded(target), marked: true })),
    ...[words, latinWords].flatMap((pattern) => [...text.matchAll(pattern)].flatMap(({ index, 0: word }) => partsOf(word).map((part) => ({ at: index, text: part, marked: part.includes('/') })))),
  ];
  const first = new Map<string, Word>();
  for (const word of all.toSorted((a, b) => a.at - b.at)) {
    const name = bare(word.text);
    const known = first.get(name);
    if (name !== '' && (known === undefined || (word.marked && !known.marked))) first.set(name, { at: known?.at ?? word.at, text: name, marked: word.marked });
  }
  return [...first.values()];
}

// Words of a language without spaces may follow a name: '設計.mdを参照'.
function partsOf(word: string): string[] {
  if (!/[./]/.test(word)) return [];
  const name = /^.*\.[A-Za-z0-9]{1,10}(?=[^\0-\x7F])/u.exec(word)?.[0];
  return name === undefined ? [word] : [word, name];
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

// Less what belongs to the sentence or to a place in the file: 'src/a.ts:12', 'plan.md#goals', 'plan.md.'
function bare(word: string): string {
  return word.replace(/[#?].*$/s, '').replace(/(?::\d{1,7}(?:[-:]\d{1,7})?)$/, '').replace(/[.,;:!?。、]+$/, '').replace(/^(?:\.\/)+/, '').replace(/^\/+/, '');
}

/** What a word can mean: a whole path, or the end of some. */
interface Index {
  readonly paths: ReadonlySet<string>;
  /** By each end that begins at a folder; of more files than can be meant only so many that this is seen. */
  readonly byEnding: ReadonlyMap<string, readonly string[]>;
}

function indexOf(files: readonly string[]): Index {
  const byEnding = new Map<string, string[]>();
  for (const file of files) {
    for (let start = 0; start !== -1; start = nextFolder(file, start)) {
      const ending = file.slice(start);
      const namesakes = byEnding.get(ending);
      if (namesakes === undefined) byEnding.set(ending, [file]);
      else if (namesakes.length <= mostNamesakes) namesakes.push(file);
    }
  }
  return { paths: new Set(files), byEnding };
}

function nextFolder(file: string, start: number): number {
  const slash = file.indexOf('/', start);
  return slash === -1 ? -1 : slash + 1;
}

function meantBy({ text, marked }: Word, { paths, byEnding }: Index, project: Project): readonly string[] {
  if (!marked && !/.\.[^.]/.test(text)) return [];
  const exact = exactPaths(text, project).find((path) => paths.has(path));
  if (exact !== undefined) return [exact];
  const meant = byEnding.get(text.replace(/^(?:\.\.\/)+/, '')) ?? [];
  return meant.length > mostNamesakes ? [] : meant.toSorted((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
}

function exactPaths(text: string, { name = '', ownFolder }: Project): string[] {
  const beside = ownFolder === undefined ? null : resolved(ownFolder, text);
  return [...(beside === null ? [] : [beside]), text, ...(text.startsWith(`${name}/`) ? [text.slice(name.length + 1)] : [])];
}

// Null where it climbs out of the project.
function resolved(folder: string, path: string): string | null {
  const parts = folder.split('/').filter((part) => part !== '');
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function depthOf(path: string): number {
  return path.split('/').length;
}
