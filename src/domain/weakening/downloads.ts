import type { FileRoles } from './file-roles.ts';
import { firstSurplus, marksOf, type Lines, type Mark } from './marks.ts';

const piped = /\b(?:curl|wget|iwr|Invoke-WebRequest)\b[^\n|]{0,200}\|\s{0,4}(?:sudo\s{1,4})?(?:(?:ba|z|da|k|fi)?sh|python[\d.]*|node|perl|ruby|iex)\b/g;
const substituted = /(?:\b(?:(?:ba|z|da|k)?sh|eval|source|iex|python[\d.]*)\b|(?<!\S)\.)[^\n]{0,40}[`(]\s{0,4}(?:curl|wget|iwr)\b/g;
const scriptTag = /<script\b[^>\n]{0,200}\bsrc\s{0,4}=/gi;

/** Why the text after fetches a script and runs it where the one before did not, naming the line, or null. */
export function newDownload(before: Lines, after: Lines, roles: FileRoles): string | null {
  const mark = firstSurplus({ from: before, fromMarks: downloads(before, roles), to: after, toMarks: downloads(after, roles) });
  return mark === null ? null : `It adds a script that is fetched and run: line ${mark.line}.`;
}

function downloads(lines: Lines, { isDocument }: FileRoles): Mark[] {
  const tags = isDocument ? marksOf(lines, scriptTag, () => 'script tag') : [];
  return [...marksOf(lines, piped, () => 'fetched'), ...marksOf(lines, substituted, () => 'fetched'), ...tags];
}
