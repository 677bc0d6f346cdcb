import type { TextEdit } from '@biomejs/wasm-nodejs';
import type { Edit } from './engine.ts';
import { utf16Offsets } from './text-positions.ts';

interface ByteEdit {
  start: number;
  end: number;
  text: string;
}

/**
 * Biome's compressed text edit as plain edits, or null where it does not fit the text.
 *
 * Source  crate biome_text_edit: ops walk the old text from its start; `equalLines` skips the rest of the line and
 *         `line_count` lines more; ranges point into the dictionary, in UTF-8 bytes
 */
export function plainEdits({ dictionary, ops }: TextEdit, text: string): Edit[] | null {
  const words = Buffer.from(dictionary);
  const old = Buffer.from(text);
  const edits: ByteEdit[] = [];
  let at = 0;
  for (const op of ops) {
    if ('equalLines' in op) {
      at = skipLines(old, at, op.equalLines.line_count + 1);
      continue;
    }
    const { diffOp } = op;
    if ('equal' in diffOp) at += lengthOf(diffOp.equal.range);
    else if ('delete' in diffOp) at = extend(edits, { start: at, end: at + lengthOf(diffOp.delete.range), text: '' });
    else extend(edits, { start: at, end: at, text: words.toString('utf8', ...diffOp.insert.range) });
  }
  if (at !== old.length) return null;
  const toUnits = utf16Offsets(text);
  return edits.map((edit) => ({ start: toUnits(edit.start), end: toUnits(edit.end), text: edit.text }));
}

function lengthOf([start, end]: readonly [number, number]): number {
  return end - start;
}

// Joins a change to the one before it where they touch; answers where the old text goes on.
function extend(edits: ByteEdit[], next: ByteEdit): number {
  const last = edits.at(-1);
  if (last === undefined || last.end !== next.start) {
    edits.push(next);
    return next.end;
  }
  last.end = next.end;
  last.text += next.text;
  return next.end;
}

function skipLines(old: Buffer, from: number, count: number): number {
  let at = from;
  for (let line = 0; line < count; line += 1) {
    const end = old.indexOf('\n', at);
    if (end < 0) return old.length;
    at = end + 1;
  }
  return at;
}
