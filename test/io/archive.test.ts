import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { extractFile } from '#io/archive.ts';

const program = Buffer.alloc(200_001, 'program ');
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou archive '));
  mkdirSync(join(folder, 'in/sub'), { recursive: true });
  writeFileSync(join(folder, 'in/temporal'), program);
  writeFileSync(join(folder, 'in/LICENSE'), 'MIT');
  writeFileSync(join(folder, 'in/empty'), '');
  writeFileSync(join(folder, 'in/sub/temporal'), 'another');
  symlinkSync('/etc/passwd', join(folder, 'in/link'));
});

beforeEach(() => {
  file = join(folder, `out-${crypto.randomUUID()}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A .tar.gz of these members, made by the system's tar. */
function archive(flags: readonly string[], members: readonly string[]): string {
  const path = join(folder, `${crypto.randomUUID()}.tar.gz`);
  execFileSync('tar', ['-czf', path, ...flags, '-C', join(folder, 'in'), ...members]);
  return path;
}

async function failure(work: Promise<unknown>) {
  const error: unknown = await work.then(() => 'no failure', (reason: unknown) => reason);
  return error instanceof AppError ? { kind: error.kind, code: error.code, message: error.message } : error;
}

const target = (maxBytes = 1_000_000) => ({ file, mode: 0o755, maxBytes });
const unreadable = (why: string) => ({ kind: 'UnreadableOutput', code: 'ARCHIVE_UNREADABLE', message: `The archive cannot be used: ${why}.` });

describe('extractFile', () => {
  test.for([
    ['alone', [], ['temporal']],
    ['among others', [], ['LICENSE', 'empty', 'sub', 'link', 'temporal']],
    ['of the whole folder', [], ['.']],
    ['with the headers of newer formats', ['--format=posix'], ['LICENSE', 'temporal']],
  ] as const)('finds the file %s', async ([, flags, members]) => {
    await extractFile(archive(flags, members), 'temporal', target());
    expect([readFileSync(file).equals(program), statSync(file).mode & 0o777]).toEqual([true, 0o755]);
  });

  test('takes an empty file as it is', async () => {
    await extractFile(archive([], ['LICENSE', 'empty']), 'empty', target());
    expect(statSync(file).size).toBe(0);
  });

  test('says that the file is not in it; a folder, a link or a file elsewhere of that name is not it', async () => {
    const lacks = (name: string) => unreadable(`it does not hold ${name}`);
    expect(await failure(extractFile(archive([], ['LICENSE', 'sub']), 'temporal', target()))).toEqual(lacks('temporal'));
    file += 'x';
    expect(await failure(extractFile(archive([], ['link']), 'link', target()))).toEqual(lacks('link'));
  });

  test('refuses a file that is larger than expected', async () => {
    expect(await failure(extractFile(archive([], ['temporal']), 'temporal', target(200_000)))).toEqual(unreadable('temporal is larger than 200000 bytes'));
  });

  test('refuses what is cut off, damaged, or no archive at all', async () => {
    const whole = readFileSync(archive([], ['temporal']));
    const damaged = Buffer.from(whole).fill(0xff, whole.length - 8, whole.length - 4);
    const tar = execFileSync('tar', ['-cf', '-', '-C', join(folder, 'in'), 'temporal']);
    const cases = [whole.subarray(0, whole.length / 2), damaged, gzipSync(tar.subarray(0, 100_000)), Buffer.from('<html>'), gzipSync(Buffer.alloc(600, 'x'))];
    const messages = [];
    for (const [index, bytes] of cases.entries()) {
      writeFileSync(join(folder, `case-${index}`), bytes);
      file = join(folder, `case-out-${index}`);
      messages.push(await failure(extractFile(join(folder, `case-${index}`), 'temporal', target())));
    }
    const words = ['it is damaged', 'it is damaged', 'it is cut off', 'it is damaged', 'it is not a tar archive'];
    expect(messages).toEqual(words.map(unreadable));
  });
});
