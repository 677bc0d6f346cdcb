import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeCommand, type Command } from '../support/command.ts';
import { environmentOf } from './stdio-client.ts';

const [inspector, launcher] = ['../../node_modules/.bin/mcp-inspector', '../../bin/koubou.js'].map((path) => fileURLToPath(new URL(path, import.meta.url))) as [string, string];

let koubou: Command;
beforeAll(() => {
  koubou = makeCommand({ KOUBOU_TEMPORAL: inject('temporalPath') });
});
afterAll(() => koubou.dispose());

// It hands only the usual variables on, the rest by -e.
function inspect(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = environmentOf(koubou);
  const handed = ['KOUBOU_HOME', 'KOUBOU_TEMPORAL'].flatMap((name) => ['-e', `${name}=${env[name]}`]);
  return new Promise((resolve) => {
    execFile(inspector, ['--cli', process.execPath, launcher, 'mcp', ...handed, ...args, '--format', 'json'], { cwd: koubou.project, env }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }));
  });
}

test('the Inspector finds nothing to remark in the schemas of the tools', async () => {
  const { code, stdout, stderr } = await inspect('--method', 'tools/list', '--strict');
  const { result } = JSON.parse(stdout) as { result: { tools: object[] } };
  expect([code, result.tools.length, stderr.includes('Warning: tool'), stderr.includes('Error: tool')]).toEqual([0, 9, false, false]);
});

test('a run that one Inspector starts is waited for by another', async () => {
  koubou.write('a.ts', 'export const a = 1;\n');
  const started = await inspect('--method', 'tools/call', '--tool-name', 'review_start', '--tool-arg', 'path=a.ts');
  expect([started.code, started.stderr]).toEqual([0, expect.any(String)]);
  const { result } = JSON.parse(started.stdout) as { result: { structuredContent: { run_id: string } } };
  const waited = await inspect('--method', 'tools/call', '--tool-name', 'review_wait', '--tool-arg', `run_id=${result.structuredContent.run_id}`);
  expect(JSON.parse(waited.stdout)).toMatchObject({ result: { structuredContent: { run_id: result.structuredContent.run_id, state: 'completed' } } });
  const wrong = await inspect('--method', 'tools/call', '--tool-name', 'review_status', '--tool-arg', 'run_id=none');
  expect(wrong.code).toBe(5);
});
