import { scanJson } from '#reviewers/answers/scan-json.ts';
import { itemsOf, objectOf } from '#reviewers/answers/json-fields.ts';
import type { JsonNode } from '#reviewers/answers/parse-json.ts';
import { endingOf, hasKnownEnding } from './file-types.ts';
import { leftOutLine } from './left-out.ts';

/** A file as a model wrote it: its path unchecked, '' where it gave none. */
export interface DraftedFile {
  readonly path: string;
  /** Ends with a newline. */
  readonly text: string;
}

export type DraftAnswer =
  | { readonly kind: 'files'; readonly files: readonly DraftedFile[] }
  /** One sentence for each thing that is wrong, for the model. */
  | { readonly kind: 'unreadable'; readonly reasons: readonly string[] };

/** More files than one task is drafted into. */
export const maxDraftFiles = 20;

/**
 * Reads a drafted set of files: JSON by the schema, else one fenced block, or fenced blocks that each have a name, or a Markdown text
 * that begins with its heading. Prose about the work is never taken for the work.
 */
export function readDraft(answer: string): DraftAnswer {
  const text = answer.replaceAll('\r\n', '\n').trim();
  const found = text.includes('"files"') ? fromJson(text) : null;
  if (found !== null) return checked(found);
  if (text.startsWith('{')) return unreadable('The JSON is not complete or not right: write one object with the field files, and nothing around it.');
  const blocks = fencedFiles(text);
  if (blocks.length === 1 || (blocks.length > 1 && blocks.every(({ path }) => path !== ''))) return checked(blocks);
  if (blocks.length > 1) return unreadable('There are several fenced blocks without file names; write one JSON object with the field files.');
  if (/^(?:#\s|#!)/.test(text)) return checked([{ path: '', text }]);
  return unreadable('The answer holds no file; write one JSON object with the field files.');
}

// The files are strings of the object: braces inside them are none of its own.
function fromJson(text: string): DraftedFile[] | null {
  const { objects, refusal } = scanJson(text, false);
  const sets = objects.filter(({ node }) => node.fields.get('files')?.kind === 'array');
  const [only] = sets;
  if (refusal !== undefined || only === undefined || sets.length > 1) return null;
  const files = itemsOf(only.node.fields.get('files')).map((item) => fileOf(item));
  return files.every((file) => file !== null) ? files : null;
}

function fileOf(item: JsonNode): DraftedFile | null {
  const fields = objectOf(item)?.fields;
  const [path, text] = [fields?.get('path'), fields?.get('text')];
  return path?.kind === 'string' && text?.kind === 'string' ? { path: path.text.trim(), text: text.text } : null;
}

const fence = /^(`{3,}|~{3,})[ \t]*([^\n`]{0,200})$/;

function fencedFiles(text: string): DraftedFile[] {
  const lines = text.split('\n');
  const files: DraftedFile[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, mark, info = ''] = fence.exec(lines[at]!) ?? [];
    if (mark === undefined) continue;
    const end = closing(lines, { from: at + 1, mark, isDocument: endingOf(info.split(/[\s:{]/, 1)[0]!) === '.md' });
    if (end === -1) return [];
    files.push({ path: nameFor(info, lines.slice(Math.max(0, at - 2), at)), text: lines.slice(at + 1, end).join('\n') });
    at = end;
  }
  return files;
}

// A Markdown text in a fence holds fences itself: it ends at the last one.
function closing(lines: readonly string[], { from, mark, isDocument }: { readonly from: number; readonly mark: string; readonly isDocument: boolean }): number {
  if (isDocument) return lines.findLastIndex((line, at) => at >= from && line.trimEnd() === mark);
  for (let at = from; at < lines.length; at += 1) if (lines[at]!.trimEnd() === mark) return at;
  return -1;
}

// '```ts title="src/a.ts"', '```py:src/a.py', or a line before the fence such as '**src/a.py**'.
function nameFor(info: string, before: readonly string[]): string {
  const told = /(?:title|file|filename|path|name)\s?=\s?["']?([^\s"'}]{1,200})/.exec(info)?.[1] ?? /^[\w+#-]{0,20}:([^\s:]{1,200})$/.exec(info.trim())?.[1];
  const line = before.toReversed().find((text) => text.trim() !== '') ?? '';
  const candidates = [told ?? '', ...(line.slice(0, 400).match(/[\p{L}\p{N}_./-]{1,200}/gu) ?? [])].map((word) => word.replace(/[.:]+$/, ''));
  return candidates.find((word) => hasKnownEnding(word)) ?? '';
}

function checked(files: readonly DraftedFile[]): DraftAnswer {
  if (files.length === 0) return unreadable('The list of files is empty; write at least one.');
  if (files.length > maxDraftFiles) return unreadable(`There are ${files.length} files; write at most ${maxDraftFiles}.`);
  const whole = files.map(({ path, text }) => ({ path, text: withNewline(path === '' || !/\.(?:md|markdown)$/i.test(path) ? unfenced(text) : text) }));
  const reasons = whole.flatMap(({ text }, index) => problemIn(text, index + 1));
  const paths = whole.map(({ path }) => path.normalize('NFC').toLowerCase());
  const twice = paths.find((path, index) => paths.some((other, at) => at !== index && (other === path || other.startsWith(`${path}/`))));
  if (twice !== undefined && paths.length > 1) reasons.push('Two files have the same path, or one is a folder of the other.');
  return reasons.length > 0 ? { kind: 'unreadable', reasons } : { kind: 'files', files: whole };
}

function problemIn(text: string, number: number): string[] {
  if (text.trim() === '') return [`File ${number} is empty.`];
  if (text.includes('\0') || !text.isWellFormed()) return [`File ${number} holds characters that no text has.`];
  return leftOutLine(text.split('\n'), '') === null ? [] : [`File ${number} leaves text out and says so in a placeholder; write every line in full.`];
}

function unfenced(text: string): string {
  const lines = text.trim().split('\n');
  const mark = /^(`{3,}|~{3,})/.exec(lines[0] ?? '')?.[1];
  return mark !== undefined && lines.length > 2 && lines.at(-1)!.trim() === mark ? lines.slice(1, -1).join('\n') : text;
}

function withNewline(text: string): string {
  const plain = text.replaceAll('\r\n', '\n');
  return plain.endsWith('\n') || plain === '' ? plain : `${plain}\n`;
}

function unreadable(reason: string): DraftAnswer {
  return { kind: 'unreadable', reasons: [reason] };
}
