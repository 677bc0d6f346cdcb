import { closeSync, fstatSync, openSync, readSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';

/** Moves a log of more than `maxBytes` aside as `<file>.1`, in place of an older one: at most two are kept. */
export function boundLog(file: string, maxBytes: number): void {
  if (fileSize(file) > maxBytes) renameSync(file, `${file}.1`);
}

/** Bytes; 0 where there is no file. */
export function fileSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The text from a byte offset on, at most the last `maxBytes` of it; '' where there is none. */
export function readLogFrom(file: string, offset: number, maxBytes = 65_536): string {
  if (fileSize(file) <= offset) return '';
  const descriptor = openSync(file, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const start = Math.max(offset, size - maxBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const length = readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines that hold anything, from a byte offset on. */
export function logTail(file: string, lines: number, offset = 0): string[] {
  const all = readLogFrom(file, offset, 16_384).split('\n').filter((line) => line.trim() !== '');
  return all.slice(-lines);
}

/** Sets the file's time of change to now; creates it empty where it is missing. */
export function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    writeFileSync(file, '', { flag: 'a', mode: 0o600 });
  }
}

/** Milliseconds since 1970, or null where there is no file. */
export function changedAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
