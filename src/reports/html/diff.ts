import { diffRows, type DiffRow } from '#reports/diff-rows.ts';
import { counted } from '#reports/wording.ts';
import { html, type Html } from './template.ts';

/** Browsers lay out a table of this many rows in a moment; the rest is for `result --diff`. */
const rowsShown = 3_000;

/** Lines longer than this are not searched for the part that changed. */
const emphasisLimit = 1_000;

/** Share of a line that it must have in common with its partner. */
const leastInCommon = 0.3;

/** The unified diff with both line numbers; in a line that replaces another the part that changed stands out. */
export function diffTable(diff: string): Html {
  const { rows, left } = diffRows(diff, rowsShown);
  const rest = left > 0 ? html`<p class="quiet">And ${counted(left, 'more line')}.</p>` : null;
  return html`<table class="diff"><tbody>${rows.map((row, index) => line(row, partnerOf(rows, index)))}</tbody></table>${rest}`;
}

const signs: Readonly<Record<DiffRow['kind'], string>> = { hunk: '', context: ' ', removed: '−', added: '+', note: '' };

function line(row: DiffRow, partner: DiffRow | undefined): Html {
  if (row.kind === 'hunk' || row.kind === 'note') return html`<tr class="${row.kind}"><td class="number"></td><td class="number"></td><td class="sign"></td><td class="code">${row.text}</td></tr>
`;
  return html`<tr class="${row.kind}"><td class="number">${row.before}</td><td class="number">${row.after}</td><td class="sign">${signs[row.kind]}</td><td class="code">${
    partner === undefined ? row.text : emphasized(row.text, partner.text)
  }</td></tr>
`;
}

// In a block of as many removed as added lines the nth removed line became the nth added one.
function partnerOf(rows: readonly DiffRow[], index: number): DiffRow | undefined {
  const kind = rows[index]!.kind;
  if (kind !== 'removed' && kind !== 'added') return undefined;
  const firstRemoved = kind === 'removed' ? startOf(rows, index, 'removed') : startOf(rows, startOf(rows, index, 'added') - 1, 'removed');
  const removed = runLength(rows, firstRemoved, 'removed');
  const added = runLength(rows, firstRemoved + removed, 'added');
  if (removed === 0 || removed !== added) return undefined;
  return rows[kind === 'removed' ? index + removed : index - removed];
}

function startOf(rows: readonly DiffRow[], index: number, kind: DiffRow['kind']): number {
  let start = index;
  while (rows[start - 1]?.kind === kind && rows[start]?.kind === kind) start -= 1;
  return start;
}

function runLength(rows: readonly DiffRow[], start: number, kind: DiffRow['kind']): number {
  let length = 0;
  while (rows[start + length]?.kind === kind) length += 1;
  return length;
}

function emphasized(text: string, other: string): Html | string {
  if (text.length > emphasisLimit || other.length > emphasisLimit) return text;
  const before = commonLength(text, other);
  const after = commonLength(reversed(text.slice(before)), reversed(other.slice(before)));
  // Two lines with little in common are simply two lines.
  if (before + after < text.length * leastInCommon) return text;
  const [start, end] = wholeWords(text, before, text.length - after);
  return start === end ? text : html`${text.slice(0, start)}<mark>${text.slice(start, end)}</mark>${text.slice(end)}`;
}

// 'shipping' for 'shiping' is a changed word, not an inserted letter.
function wholeWords(text: string, from: number, to: number): [number, number] {
  const splitsWord = (at: number): boolean => /^[\p{L}\p{N}_]{2}$/u.test(text.slice(at - 1, at + 1));
  let [start, end] = [from, to];
  while (start > 0 && splitsWord(start)) start -= 1;
  while (end < text.length && splitsWord(end)) end += 1;
  return [start, end];
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function reversed(text: string): string {
  return text.split('').toReversed().join('');
}
