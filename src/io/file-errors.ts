import { AppError, type ErrorKind } from '#domain/errors.ts';
import { shownPath } from '#domain/path-rule.ts';

interface Row {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
}

const noSpace: Row = { kind: 'Unavailable', code: 'DISK_FULL', message: 'the disk (or the quota) is full. Free some space; it is tried again' };
const tooManyFiles: Row = { kind: 'Unavailable', code: 'TOO_MANY_FILES', message: 'too many files are open. Raise `ulimit -n`; it is tried again' };
const notWritable: Row = { kind: 'Misconfigured', code: 'NOT_WRITABLE', message: 'it may not be written. Check its mode, its owner and whether the file system is read-only' };
const notReadable: Row = { kind: 'Misconfigured', code: 'NOT_READABLE', message: 'it may not be read. Check its mode and its owner' };

const whileWriting: Readonly<Record<string, Row>> = {
  ENOSPC: noSpace, EDQUOT: noSpace,
  EMFILE: tooManyFiles, ENFILE: tooManyFiles,
  EROFS: notWritable, EACCES: notWritable, EPERM: notWritable, ETXTBSY: notWritable,
};
const whileReading: Readonly<Record<string, Row>> = {
  EMFILE: tooManyFiles, ENFILE: tooManyFiles,
  EACCES: notReadable, EPERM: notReadable,
};

/** What the system said about a file, for people: with the path as it was given, without the host's own. */
export function fileError(error: unknown, path: string, doing: 'read' | 'write'): AppError {
  if (error instanceof AppError) return error;
  const system = (error as NodeJS.ErrnoException).code ?? 'unknown cause';
  const row = (doing === 'write' ? whileWriting : whileReading)[system];
  if (row !== undefined) return new AppError(row.kind, row.code, `${shownPath(path)}: ${row.message}.`, { cause: error });
  return new AppError('Unavailable', 'FILE_SYSTEM_ERROR', `${shownPath(path)}: the file system answered ${system}; it is tried again.`, { cause: error });
}

export function systemCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
