const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

// East Asian wide and fullwidth characters (Unicode 16, annex 11), without the half-width forms from U+FF61 on.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f251}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const markOnly = /^[\p{Mn}\p{Me}\u200c\u200d]+$/u;

/** Columns a text takes in a terminal: 2 for Japanese and emoji, 0 for combining marks. */
export function displayWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** Filled with blanks to the right up to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Cut to `width` columns, with an ellipsis where something was cut. */
export function fitTo(text: string, width: number, ellipsis: string): string {
  // A grapheme can be long, but a text of four times the columns in UTF-16 units never needs to be measured whole.
  if (text.length <= width * 4 && displayWidth(text) <= width) return text;
  const room = width - displayWidth(ellipsis);
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > room) break;
    kept += segment;
  }
  return kept.trimEnd() + ellipsis;
}

function graphemeWidth(segment: string): number {
  if (wide.test(segment)) return 2;
  return markOnly.test(segment) ? 0 : 1;
}
