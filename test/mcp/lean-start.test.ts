import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initialize } from './stdio-client.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou-lean-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// Notes every module that is loaded.
const hook = `
import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write('loaded ' + url + '\\n'); return next(url, context); } });
`;

// Clients start a server to ask what it can do, some of them twice, and wait for it.
test('a server answers what it is asked first without Temporal, the store, YAML or a renderer, and leaves nothing behind', async () => {
  const home = join(folder, 'home');
  writeFileSync(join(folder, 'hook.mjs'), hook);
  const asked = [initialize, { jsonrpc: '2.0', method: 'notifications/initialized' }, ...['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].map((method, index) => ({ jsonrpc: '2.0', id: index + 2, method }))];
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    const child = execFile(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', join(folder, 'hook.mjs'), main, 'mcp'], { cwd: folder, env: { HOME: home, KOUBOU_HOME: home }, maxBuffer: 10_000_000 }, (error, out, said) =>
      error === null ? resolve({ stdout: out, stderr: said }) : reject(error));
    child.stdin?.write(asked.map((message) => `${JSON.stringify(message)}\n`).join(''));
    child.stdout?.on('data', (chunk: string) => chunk.includes('"id":5') && child.stdin?.end());
  });
  expect(stdout.trim().split('\n').map((line) => (JSON.parse(line) as { id: number; result?: object }).result !== undefined)).toEqual([true, true, true, true, true]);
  const loaded = stderr.split('\n').flatMap((line) => /^loaded (.*)/.exec(line)?.[1] ?? []);
  expect(loaded.length).toBeGreaterThan(100);
  const heavy = /@temporalio|@grpc|kysely|node_modules\/(?:yaml|pg|express|hono|typescript|ai)\/|reports\/(?:html|registry)|src\/store\//;
  expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  expect(readdirSync(folder)).toEqual(['hook.mjs']);
});
