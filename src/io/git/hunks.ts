/** A file that differs, and its lines on the new side, 1-based and inclusive. */
export interface ChangedFile {
  readonly path: string;
  readonly lines: readonly (readonly [number, number])[];
}

/**
 * Reads a patch without context (`git diff -U0`); files that were deleted, are binary or changed only their mode are left out.
 *
 * A place where lines only went away is the line before it. Lines of files are skipped by their number, so that nothing
 * in them can be taken for a header.
 */
export function readHunks(patch: string): ChangedFile[] {
  const files: { path: string; lines: [number, number][] }[] = [];
  const lines = patch.split('\n');
  let file: { path: string; lines: [number, number][] } | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.startsWith('diff --git ')) file = undefined;
    const path = line.startsWith('+++ ') ? newPath(line.slice(4)) : null;
    if (path !== null) files.push((file = { path, lines: [] }));
    const hunk = hunkHeader(line);
    if (hunk === null) continue;
    if (hunk.range !== null) file?.lines.push(hunk.range);
    at += hunk.removed + hunk.added;
  }
  return files.filter((changed) => changed.lines.length > 0);
}

interface Hunk {
  readonly removed: number;
  readonly added: number;
  readonly range: [number, number] | null;
}

// "\ No newline at end of file" comes between the counted lines and begins with neither of the words looked for.
function hunkHeader(line: string): Hunk | null {
  const match = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
  if (match === null) return null;
  const [removed, first, added] = [Number(match[1] ?? 1), Number(match[2]), Number(match[3] ?? 1)];
  if (added > 0) return { removed, added, range: [first, first + added - 1] };
  return { removed, added, range: [Math.max(first, 1), Math.max(first, 1)] };
}

// Without renames there is one name; git quotes it like a C string where it has unusual characters, and ends one that
// has a space by a tab.
function newPath(header: string): string | null {
  if (header === '/dev/null') return null;
  const name = header.startsWith('"') ? unquote(header.slice(1, header.lastIndexOf('"'))) : header.replace(/\t$/, '');
  return name.startsWith('b/') ? name.slice(2) : null;
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r', '"': '"', '\\': '\\' };

function unquote(quoted: string): string {
  const bytes: number[] = [];
  for (const [part, octal, letter] of quoted.matchAll(/\\(?:([0-7]{3})|(.))|[^\\]+/gu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else bytes.push(...new TextEncoder().encode(letter === undefined ? part : (escapes[letter] ?? letter)));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
