import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'smol-toml';
import type { Setting } from './clients.ts';
import { brokenFile, lostSomething } from './broken-file.ts';

type Table = Record<string, unknown>;

/**
 * Puts a table into a TOML text and leaves everything else as it is, comments included: appended where there is none, else in the
 * place of the one of that name.
 *
 * Fails   InvalidInput FILE_BROKEN, FILE_UNEXPECTED
 */
export function mergeToml({ name, text }: { readonly name: string; readonly text: string }, { path, value }: Setting): string {
  const before = read(name, text);
  const [group, key] = path as [string, string];
  const tables = (before[group] ?? {}) as Table;
  if (isDeepStrictEqual(tables[key], value)) return text;
  const table = stringify({ [group]: { [key]: value } }).trim();
  const merged = Object.hasOwn(tables, key) ? replaceTable(text, `${group}.${key}`, table) : `${text.trimEnd()}${text.trim() === '' ? '' : '\n\n'}${table}\n`;
  const after = { ...before, [group]: { ...tables, [key]: value } };
  if (merged === null || !isDeepStrictEqual(readAgain(merged), after)) throw lostSomething(name);
  return merged;
}

export function writtenToml({ path, value }: Setting): string {
  const [group, key] = path as [string, string];
  return `${stringify({ [group]: { [key]: value } }).trim()}\n`;
}

// The table with those below it, from its header to the next one of another name.
function replaceTable(text: string, header: string, table: string): string | null {
  const lines = text.split('\n');
  const nameOf = (line: string): string | undefined => /^\s*\[\[?\s*([^\]]+?)\s*\]/.exec(line)?.[1]?.replace(/["'\s]/g, '');
  const begin = lines.findIndex((line) => nameOf(line) === header);
  if (begin === -1) return null;
  const behind = lines.findIndex((line, index) => index > begin && nameOf(line) !== undefined && !nameOf(line)!.startsWith(`${header}.`));
  const rest = behind === -1 ? [] : ['', ...lines.slice(behind)];
  return [...lines.slice(0, begin), table, ...rest].join('\n').replace(/\n*$/, '\n');
}

function read(name: string, text: string): Table {
  try {
    return plain(parse(text));
  } catch (error) {
    const line = (error as { line?: unknown }).line;
    throw brokenFile(name, `is no TOML${typeof line === 'number' ? ` at line ${line}` : ''}`);
  }
}

function readAgain(text: string): Table | null {
  try {
    return plain(parse(text));
  } catch {
    return null;
  }
}

// The reader's tables have no prototype, which would make them differ from ours.
function plain(table: Table): Table {
  return structuredClone(table);
}
