import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

const root = join(import.meta.dirname, '../..');
const json = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, unknown>;

let scratch: Scratch;

beforeEach(() => {
  scratch = makeScratch('mcpb');
});

afterEach(() => scratch.remove());

interface Entry {
  readonly name: string;
  readonly text: string;
  readonly isWhole: boolean;
}

/** What a zip of uncompressed files holds, by its directory at the end. */
function entriesOf(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf('PK\u0005\u0006');
  const [count, start] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 16)];
  const entries: Entry[] = [];
  let at = start;
  for (let n = 0; n < count; n += 1) {
    const [crc, size, nameLength, place] = [zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28), zip.readUInt32LE(at + 42)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.toString('utf8', place + 30, place + 30 + nameLength);
    const bytes = zip.subarray(place + 30 + nameLength, place + 30 + nameLength + size);
    entries.push({ name, text: bytes.toString('utf8'), isWhole: crc32(bytes) === crc && local === name && zip.readUInt32LE(place) === 0x04034b50 });
    at += 46 + nameLength;
  }
  return at === end ? entries : [];
}

describe('npm run mcpb', () => {
  test('writes a zip whose manifest starts koubou for the folder that was picked', () => {
    const file = join(scratch.root, 'koubou.mcpb');
    execFileSync(process.execPath, [join(root, 'tools/mcpb.mjs'), file], { stdio: 'ignore' });
    const entries = entriesOf(readFileSync(file));
    expect(entries.map(({ name, isWhole }) => [name, isWhole])).toEqual([['manifest.json', true], ['README.md', true]]);
    expect(JSON.parse(entries[0]!.text)).toMatchObject({ name: 'koubou', version: json('package.json')['version'], server: { mcp_config: { command: 'koubou', args: ['mcp', '--root', '${user_config.folder}'] } } });
  });
});

test('whatever lists the package elsewhere tells the version of package.json', () => {
  const { version } = json('package.json');
  const server = json('server.json') as { version: string; packages: { version: string }[] };
  expect([server.version, ...server.packages.map((one) => one.version), json('integrations/claude-plugin/.claude-plugin/plugin.json')['version']]).toEqual([version, version, version]);
});
