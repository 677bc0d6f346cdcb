/** Translates between UTF-16 offsets and 1-based lines and columns of one text. */
export interface TextPositions {
  readonly lineCount: number;
  /** Columns count UTF-16 units; an offset behind the end means the end. */
  placeOf(offset: number): { readonly line: number; readonly column: number };
  /** Lines and columns outside the text are pulled to its nearest end. */
  offsetOf(line: number, column: number): number;
  /** The line's text without its line end; '' for a line that does not exist. */
  lineText(line: number): string;
}

export function positionsOf(text: string): TextPositions {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const endOf = (line: number): number => (line < starts.length ? starts[line]! - 1 : text.length);
  return {
    lineCount: starts.length,
    placeOf: (offset) => {
      const line = lineAt(starts, Math.max(0, Math.min(offset, text.length)));
      return { line, column: Math.max(0, Math.min(offset, text.length)) - starts[line - 1]! + 1 };
    },
    offsetOf: (line, column) => {
      if (line < 1) return 0;
      if (line > starts.length) return text.length;
      return Math.max(starts[line - 1]!, Math.min(starts[line - 1]! + column - 1, endOf(line)));
    },
    lineText: (line) => (line < 1 || line > starts.length ? '' : text.slice(starts[line - 1], endOf(line)).replace(/\r$/, '')),
  };
}

// The 1-based number of the last line that starts at or before the offset.
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/**
 * Translates offsets into the text's UTF-8 form into UTF-16 offsets.
 *
 * In      ask with rising offsets where you can: going back starts over
 * Source  a lone surrogate becomes U+FFFD in UTF-8, three bytes, as TextEncoder does it
 */
export function utf16Offsets(text: string): (utf8Offset: number) => number {
  let units = 0;
  let bytes = 0;
  return (wanted) => {
    if (wanted < bytes) [units, bytes] = [0, 0];
    while (bytes < wanted && units < text.length) {
      const point = text.codePointAt(units)!;
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      units += point < 0x10000 ? 1 : 2;
    }
    return units;
  };
}
