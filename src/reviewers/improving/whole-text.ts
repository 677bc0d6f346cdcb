import { tooLong, withEnd, type Applied } from './apply-edits.ts';
import { leftOutLine } from './left-out.ts';

/** Up to here a text may be written anew instead of edited; a longer one would cost tokens and lose lines on the way. */
const shortLines = 200;
const shortLength = 8_000;

/** Whether a model may answer with the whole text; never where line ends are mixed, which it could not keep. */
export function isShort(text: string): boolean {
  return text.length <= shortLength && !text.includes('\r') && text.split('\n').length - 1 <= shortLines;
}

/**
 * A text that was written as a whole, with the final newline of the one before.
 *
 * Unwrapped from a fence only where the text before does not itself begin with one.
 */
export function applyWhole(before: string, written: string): Applied {
  if (!isShort(before)) return refused('The text is too long to be written as a whole; write search and replace blocks.');
  if (written.includes('\0') || !written.isWellFormed()) return refused('The text holds characters that no text has.');
  const text = isFenced(before) ? written : unwrapped(written);
  if (text.trim() === '' && before.trim() !== '') return refused('The whole text is empty.');
  if (leftOutLine(text.split('\n'), before) !== null) return refused('It leaves text out and says so in a placeholder; write every line in full.');
  const next = withEnd(text, before);
  return tooLong(next.length, before.length) ?? { kind: 'applied', text: next };
}

const fenceLine = /^\s{0,3}(`{3,}|~{3,})/;

function isFenced(text: string): boolean {
  return fenceLine.test(text.trimStart());
}

function unwrapped(text: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  const mark = fenceLine.exec(lines[first] ?? '')?.[1];
  const isClosed = mark !== undefined && last > first && lines[last]!.trim() === mark;
  return isClosed ? lines.slice(first + 1, last).join('\n') : text;
}

function refused(reason: string): Applied {
  return { kind: 'refused', reasons: [reason] };
}
