import type { LocatedEdit } from './locate-edits.ts';
import { oneLine } from './prompt-data.ts';

const changeLength = 160;
/** Long runs without a space may be keys and tokens that the model read in the text; changes go into history. */
const longRun = /[A-Za-z0-9+/_=~.-]{24,}/g;

/** One short line for each edit: what the model says of it, else its lines in the text before. */
export function describeEdits(text: string, edits: readonly LocatedEdit[]): string[] {
  let [at, line] = [0, 1];
  return edits.map(({ start, end, why }) => {
    line += newlines(text, at, start);
    at = start;
    const said = oneLine((why ?? '').replaceAll(longRun, '…'), changeLength);
    if (said !== '') return said;
    const last = line + newlines(text, start, Math.max(start, end - 1));
    return last === line ? `line ${line} changed` : `lines ${line}–${last} changed`;
  });
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
