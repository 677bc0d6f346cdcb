import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { isBuilt, ownEntry, ownPackageRoot, ownVersion, readOwnFile } from '#io/own-files.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const manifest = '{"type":"module","version":"1.2.3"}';
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newPackage(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'koubou own files ')));
  folders.push(root);
  write(root, files);
  return root;
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

/** What this module says of itself in a program of its own, when it stands at the given place. */
function asked(root: string, place: string): { root: string; built: boolean; entry: string; version: string } {
  mkdirSync(dirname(join(root, place)), { recursive: true });
  cpSync(join(repository, 'src/io/own-files.ts'), join(root, place));
  const program = `const own = await import(${JSON.stringify(pathToFileURL(join(root, place)).href)});
    console.log(JSON.stringify({ root: own.ownPackageRoot(), built: own.isBuilt(), entry: own.ownEntry('workflows/index').href, version: own.ownVersion() }));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })) as ReturnType<typeof asked>;
}

describe('own files', () => {
  test('a checkout runs its sources', () => {
    const entry = fileURLToPath(ownEntry('workflows/index'));
    expect([ownPackageRoot(), isBuilt(), entry]).toEqual([repository, false, join(repository, 'src/workflows/index.ts')]);
  });

  test.for(['dist/main.ts', 'dist/reviewers/engines/thread.ts'])('a built package runs what was built, wherever the bundle put this module: %s', (place) => {
    const root = newPackage({ 'package.json': manifest, 'dist/build.json': '{}' });
    expect(asked(root, place)).toEqual({
      root,
      built: true,
      entry: pathToFileURL(join(root, 'dist/workflows/index.js')).href,
      version: expect.stringMatching(/^1\.2\.3\+[0-9a-f]{12}$/) as string,
    });
  });

  test('the version names the release, is the same at every call, and costs less than 100 ms', () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
    const startedAt = performance.now();
    const first = ownVersion();
    expect(performance.now() - startedAt).toBeLessThan(100);
    expect([first.split('+')[0], ownVersion()]).toEqual([version, first]);
  });

  test('a checkout has another version after any edit of its code or prompts, and only then', () => {
    const files = { 'package.json': manifest, 'src/a/b.ts': '1', 'prompts/p.md': '2' };
    const root = newPackage(files);
    const version = () => asked(root, 'src/io/own-files.ts').version;
    const before = version();
    write(root, { 'src/a/.b.ts.swp': 'an editor', 'src/a/b.ts~': 'another', 'README.md': 'words' });
    expect(version()).toBe(before);
    const edits: Record<string, string>[] = [{ 'src/a/b.ts': '3' }, { 'prompts/p.md': '4' }, { 'src/a/c.ts': '' }];
    const after = edits.map((edit) => {
      write(root, edit);
      return version();
    });
    expect(new Set([before, ...after]).size).toBe(4);
  });

  test('the same code at two places has two versions, and so have two builds at one place', () => {
    const files = { 'package.json': manifest, 'dist/build.json': '{"sources":"a"}' };
    const [one, other] = [newPackage(files), newPackage(files)];
    const versions = [asked(one, 'dist/main.ts').version, asked(other, 'dist/main.ts').version];
    write(one, { 'dist/build.json': '{"sources":"b"}' });
    expect(new Set([...versions, asked(one, 'dist/main.ts').version]).size).toBe(3);
  });
});

test('a file of the package is read by its place in it', () => {
  expect(JSON.parse(readOwnFile('package.json'))).toMatchObject({ name: 'koubou' });
  expect(() => readOwnFile('prompts/none.md')).toThrow('ENOENT');
});
