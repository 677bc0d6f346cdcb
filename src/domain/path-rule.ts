import { AppError } from './errors.ts';

export interface PathRules {
  /** Lower case with the dot (`.ts`); `''` is a name without extension. Absent or empty: all. */
  readonly allowedExtensions?: readonly string[];
  /** Folders relative to the root, `.` for the root itself. Absent or empty: all. */
  readonly allowedDirectories?: readonly string[];
  /** Names refused anywhere in a path, or, with a '/', paths below the root. `alwaysForbidden` is refused besides. */
  readonly forbidden?: readonly string[];
}

export const alwaysForbidden: readonly string[] = ['.git', '.hg', '.svn', 'node_modules'];

/** Linux allows 4096 and 255; a path also has to fit below a root. */
const maxPathBytes = 1024;
const maxNameBytes = 255;

// Controls, invisible and bidirectional formats, line separators, lone surrogates: what makes a name look like another
// one, and what some file systems ignore in names.
const badCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const deviceNames = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i;

/**
 * Checks the path of a file by its letters alone and returns its segments, unchanged.
 *
 * In      a path relative to the root, with '/'; never URL-decoded, never normalised
 * Fails   InvalidInput PATH_EMPTY, PATH_TOO_LONG, PATH_BAD_CHAR, PATH_ABSOLUTE, PATH_TRAVERSAL, PATH_LEADING_DASH,
 *         PATH_RESERVED, PATH_DENIED_NAME, PATH_OUTSIDE_ALLOWED, EXT_NOT_ALLOWED
 */
export function checkPath(path: string, rules: PathRules): string[] {
  const segments = checkSegments(path, rules);
  checkExtension(path, segments, rules.allowedExtensions ?? []);
  return segments;
}

/** The same for a folder: extensions do not count, and `.` is the root itself, with no segments. */
export function checkFolderPath(path: string, rules: PathRules): string[] {
  return path === '.' && allowedBelow([], rules) ? [] : checkSegments(path, rules);
}

/** A path as messages show it: quoted, cut, with nothing that moves a cursor or turns the text around. */
export function shownPath(path: string): string {
  const cut = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  const visible = Array.from(cut, (character) => (badCharacters.test(character) ? `\\u{${character.codePointAt(0)!.toString(16)}}` : character));
  return `"${visible.join('')}"`;
}

function checkSegments(path: string, rules: PathRules): string[] {
  checkWhole(path);
  const segments = path.split('/');
  for (const segment of segments) checkSegment(path, segment);
  const folded = segments.map(fold);
  if (isForbidden(folded, [...alwaysForbidden, ...(rules.forbidden ?? [])])) {
    throw refused('PATH_DENIED_NAME', path, 'a folder or file of that name is never opened');
  }
  if (!allowedBelow(segments, rules)) {
    throw refused('PATH_OUTSIDE_ALLOWED', path, `only files below ${(rules.allowedDirectories ?? []).map(shownPath).join(', ')} are allowed`);
  }
  return segments;
}

function checkWhole(path: string): void {
  if (path === '') throw refused('PATH_EMPTY', path, 'a path is needed');
  if (utf8Length(path) > maxPathBytes) throw refused('PATH_TOO_LONG', path, `a path has at most ${maxPathBytes} bytes`);
  if (badCharacters.test(path)) {
    throw refused('PATH_BAD_CHAR', path, 'control, invisible, bidirectional or ill-formed characters are not allowed');
  }
  if (/^(?:[/\\~]|[a-z]:)/i.test(path)) throw refused('PATH_ABSOLUTE', path, 'give it relative to the root');
  if (path.includes('\\')) throw refused('PATH_BAD_CHAR', path, "write '/' between folders");
}

function checkSegment(path: string, segment: string): void {
  if (segment === '' || segment === '.' || segment === '..') {
    throw refused('PATH_TRAVERSAL', path, "'.', '..' and empty parts are not allowed");
  }
  if (utf8Length(segment) > maxNameBytes) throw refused('PATH_TOO_LONG', path, `a name has at most ${maxNameBytes} bytes`);
  if (segment.startsWith('-')) throw refused('PATH_LEADING_DASH', path, "a name must not begin with '-'");
  if (/[. ]$/.test(segment) || segment.includes(':') || deviceNames.test(segment) || /~[0-9]/.test(segment)) {
    throw refused('PATH_RESERVED', path, "device names, ':', '~1' and a dot or space at a name's end mean other files on some systems");
  }
}

// Case-insensitive file systems, and those that treat look-alikes as one, must not find `.git` under another spelling.
function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFKC');
}

function isForbidden(folded: readonly string[], forbidden: readonly string[]): boolean {
  return forbidden.some((entry) => {
    const parts = partsOf(entry).map(fold);
    if (parts.length === 0) return false;
    return parts.length === 1 ? folded.includes(parts[0]!) : startsWith(folded, parts);
  });
}

function allowedBelow(segments: readonly string[], rules: PathRules): boolean {
  const allowed = rules.allowedDirectories ?? [];
  return allowed.length === 0 || allowed.some((folder) => startsWith(segments, partsOf(folder)));
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function startsWith(segments: readonly string[], parts: readonly string[]): boolean {
  return parts.every((part, index) => segments[index] === part);
}

function checkExtension(path: string, segments: readonly string[], allowed: readonly string[]): void {
  const name = segments.at(-1)!;
  const dot = name.lastIndexOf('.');
  const extension = dot <= 0 ? '' : name.slice(dot).toLowerCase();
  if (allowed.length === 0 || allowed.includes(extension)) return;
  throw refused('EXT_NOT_ALLOWED', path, `allowed extensions: ${allowed.map((allowedOne) => allowedOne || '(none)').join(' ')}`);
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function refused(code: string, path: string, rule: string): AppError {
  return new AppError('InvalidInput', code, `The path ${shownPath(path)} is refused: ${rule}.`);
}
