import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '#domain/errors.ts';

const blockBytes = 512;

/**
 * Copies one regular file out of a .tar.gz into a new file, and returns once it is on the disk.
 *
 * In      member: its name in the archive, a leading './' aside; maxBytes: of the file, unpacked; mode of the new file
 * Fails   UnreadableOutput ARCHIVE_UNREADABLE (not such an archive, cut off, the member missing or too large); what was
 *         written so far is left for the caller to remove
 */
export async function extractFile(archive: string, member: string, target: { file: string; mode: number; maxBytes: number }): Promise<void> {
  const output = await open(target.file, 'wx', target.mode);
  try {
    await pipeline(createReadStream(archive), createGunzip(), (content: AsyncIterable<Buffer>) => copyMember(content, member, target.maxBytes, output));
    await output.chmod(target.mode);
    await output.sync();
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(wordOf(error), error);
  } finally {
    await output.close();
  }
}

// A tar archive is headers of 512 bytes, each followed by its content, filled up to whole blocks. It is read to its end, so
// that the checksum of the compressed whole is looked at as well.
async function copyMember(content: AsyncIterable<Buffer>, member: string, maxBytes: number, output: FileHandle): Promise<void> {
  const pull = pieces(content);
  let found = false;
  for (let header = await nextHeader(pull); header !== null; header = await nextHeader(pull)) {
    const isWanted: boolean = header.isFile && !found && header.name === member;
    if (isWanted && header.bytes > maxBytes) throw unreadable(`${member} is larger than ${maxBytes} bytes`);
    await forEachPiece(pull, header.bytes, isWanted ? (piece) => output.writeFile(piece) : undefined);
    await forEachPiece(pull, (blockBytes - (header.bytes % blockBytes)) % blockBytes);
    found ||= isWanted;
  }
  if (!found) throw unreadable(`it does not hold ${member}`);
}

/** The next bytes of the archive, at most as many as asked for; null at its end. */
type Pull = (most: number) => Promise<Buffer | null>;

function pieces(content: AsyncIterable<Buffer>): Pull {
  const iterator = content[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async (most) => {
    while (rest.length === 0) {
      const next = await iterator.next();
      if (next.done === true) return null;
      rest = next.value;
    }
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  };
}

async function forEachPiece(pull: Pull, bytes: number, take?: (piece: Buffer) => Promise<void>): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const piece = await pull(left);
    if (piece === null) throw unreadable('it is cut off');
    await take?.(piece);
    left -= piece.length;
  }
}

interface Header {
  readonly name: string;
  readonly isFile: boolean;
  readonly bytes: number;
}

async function nextHeader(pull: Pull): Promise<Header | null> {
  const first = await pull(blockBytes);
  if (first === null) return null;
  const block = [first];
  await forEachPiece(pull, blockBytes - first.length, async (piece) => void block.push(piece));
  return readHeader(Buffer.concat(block));
}

// The fields of POSIX ustar: name 0–99, size 124–135 in octal, kind 156 ('0' or NUL: a regular file).
function readHeader(block: Buffer): Header {
  const text = (from: number, to: number): string => block.toString('latin1', from, to).split('\0')[0] ?? '';
  const size = text(124, 136).trim();
  const bytes = size === '' ? 0 : Number.parseInt(size, 8);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw unreadable('it is not a tar archive');
  return { name: text(0, 100).replace(/^\.\//, ''), isFile: text(156, 157) === '0' || block[156] === 0, bytes };
}

function wordOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown cause';
  return code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE' ? 'it is damaged' : `it could not be unpacked (${code})`;
}

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError('UnreadableOutput', 'ARCHIVE_UNREADABLE', `The archive cannot be used: ${why}.`, { cause });
}
