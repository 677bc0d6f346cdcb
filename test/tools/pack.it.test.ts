import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));
let top: string;
let copy: string;
let installed: string;

// The steps build on each other: pack a copy of this checkout, install the package elsewhere, use it there.
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'koubou pack '));
  copy = join(top, 'a checkout');
  installed = join(top, 'somebody else', 'with spaces');
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, 'package.json'), '{"private":true}');
  copyCheckout();
}, 120_000);

afterAll(() => rmSync(top, { recursive: true, force: true }));

// Never in the checkout itself: its launcher would run dist/ while other tests use it.
function copyCheckout(): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: repository, encoding: 'utf8', maxBuffer: 50e6 });
  const files = listed.split('\0').filter((file) => file !== '' && !file.startsWith('test/') && existsSync(join(repository, file)));
  for (const file of files) cpSync(join(repository, file), join(copy, file));
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
}

function npm(folder: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, encoding: 'utf8', timeout: 300_000 });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

function koubou(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(join(installed, 'node_modules/.bin/koubou'), args, { cwd: installed, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, stdout, stderr };
}

describe('the published package', () => {
  test('is built by npm pack, which leaves no dist behind', () => {
    npm(copy, ['pack', '--pack-destination', top]);
    expect([existsSync(join(copy, 'dist')), readdirSync(top).filter((name) => name.endsWith('.tgz'))]).toEqual([false, ['koubou-0.1.0.tgz']]);
  }, 300_000);

  test('installs into a folder of somebody else, with what it needs and nothing of ours', () => {
    npm(installed, ['install', '--prefer-offline', join(top, 'koubou-0.1.0.tgz')]);
    const own = readdirSync(join(installed, 'node_modules/koubou'));
    expect(own).toEqual(expect.arrayContaining(['LICENSE', 'bin', 'dist', 'package.json', 'tools']));
    expect(own.filter((name) => ['src', 'test', 'bench', '.ci', 'deploy', 'Dockerfile', 'tsconfig.json'].includes(name))).toEqual([]);
    expect(readdirSync(join(installed, 'node_modules/koubou/tools'), { recursive: true }).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual(['temporal', 'temporal/go.mod', 'temporal/go.sum']);
    expect(readdirSync(join(installed, 'node_modules/koubou/dist'))).toEqual(expect.arrayContaining(['build.json', 'main.js', 'workflow-bundle.js']));
    expect(lstatSync(join(installed, 'node_modules/.bin/koubou')).isSymbolicLink()).toBe(true);
  }, 300_000);

  test('answers --version and --help at once', () => {
    expect(koubou(['--version'])).toEqual({ status: 0, stdout: 'koubou 0.1.0\n', stderr: '' });
    const times = [1, 2, 3, 4, 5].map(() => {
      const startedAt = performance.now();
      expect(koubou(['--help'])).toMatchObject({ status: 0, stderr: '' });
      return performance.now() - startedAt;
    });
    const fastest = Math.min(...times);
    console.log(`koubou --help from the installed package: ${Math.round(fastest)} ms`);
    expect(fastest).toBeLessThan(150);
  });

  test('runs the built program', () => {
    expect(koubou(['completion', 'bash'])).toEqual({ status: 0, stdout: expect.stringContaining('koubou') as string, stderr: '' });
  });

  test('reviews, improves and saves, with a service that it starts and ends', () => {
    const env = { KOUBOU_HOME: join(top, 'its home'), KOUBOU_TEMPORAL: inject('temporalPath') };
    cpSync(join(installed, 'node_modules/koubou/examples/checkout.ts'), join(installed, 'my checkout.ts'));
    try {
      const { status, stdout } = koubou(['review', 'my checkout.ts', '--write', '--json'], env);
      const report = JSON.parse(stdout) as { outcome: string; saved: { path: string } };
      expect({ status, outcome: report.outcome, saved: report.saved.path }).toEqual({ status: 0, outcome: 'target_reached', saved: 'my checkout.ts' });
      const [given, saved] = ['node_modules/koubou/examples/checkout.ts', 'my checkout.ts'].map((file) => readFileSync(join(installed, file), 'utf8'));
      expect(saved).not.toBe(given);
    } finally {
      expect(koubou(['down'], env)).toMatchObject({ status: 0 });
    }
  }, 180_000);
});
