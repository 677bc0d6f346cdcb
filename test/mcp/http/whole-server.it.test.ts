import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { makeCommand, type Command, type RunningCommand } from '#test/support/command.ts';
import { connect, tokens, type Connected } from './small-host.ts';

// `koubou mcp --http` as people start it, for two tenants, with real runs behind it.

let koubou: Command;
let server: RunningCommand;
let url: string;
let ann: Connected;
let ben: Connected;

const example = readFileSync(new URL('../../../examples/guide.md', import.meta.url), 'utf8');

async function startServer(): Promise<void> {
  server = koubou.start(['mcp', '--http', '0', '--root', koubou.project]);
  url = /(http:\S+\/mcp)/.exec(await server.said('/mcp\n'))![1]!;
  [ann, ben] = await Promise.all([connect(url, tokens.ann), connect(url, tokens.ben)]);
}

async function stopServer(): Promise<{ code: number | string | null }> {
  await Promise.all([ann, ben].map(({ client }) => client.close()));
  server.child.kill('SIGTERM');
  return server.ended;
}

beforeAll(async () => {
  koubou = makeCommand({ KOUBOU_TEMPORAL: inject('temporalPath') });
  mkdirSync(join(koubou.home, 'koubou', 'state'), { recursive: true });
  writeFileSync(join(koubou.home, 'koubou', 'state', 'mcp-token'), `ann ${tokens.ann}\nben ${tokens.ben}\n`, { mode: 0o600 });
  for (let n = 0; n < 5; n += 1) koubou.write(`guide-${n}.md`, `${example}\n${n}\n`);
  await startServer();
});

afterAll(async () => {
  await stopServer();
  await koubou.dispose();
});

interface Standing {
  readonly run_id: string;
  readonly state: string;
  readonly next_step: string;
}

async function call(who: Connected, name: string, args: Record<string, unknown>): Promise<CallToolResult> {
  return (await who.client.callTool({ name, arguments: args }, undefined, { timeout: 60_000 })) as CallToolResult;
}

async function standing(who: Connected, name: string, args: Record<string, unknown>): Promise<Standing> {
  const { structuredContent, content } = await call(who, name, args);
  expect(structuredContent, JSON.stringify(content)).toBeDefined();
  return structuredContent as unknown as Standing;
}

const textOf = ({ content }: CallToolResult): string => content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');

describe('over HTTP', () => {
  test('a review is started, awaited and read', async () => {
    const { run_id: runId } = await standing(ann, 'review_start', { path: 'guide-0.md' });
    const { state } = await standing(ann, 'review_wait', { run_id: runId });
    expect([state, textOf(await call(ann, 'review_result', { run_id: runId }))]).toEqual(['completed', expect.stringContaining('# Review of `guide-0.md`')]);
  });

  test('mcp-13 project_path outside the allowed roots: ROOT_NOT_ALLOWED', async () => {
    for (const folder of ['/etc', '..', `${koubou.project}-secret`, '/proc/self']) {
      const { isError, ...answer } = await call(ann, 'evaluate_document', { path: 'guide-0.md', project_path: folder });
      expect([isError, textOf(answer)]).toEqual([true, expect.stringMatching(/ROOT_NOT_ALLOWED|PATH_/)]);
      expect(textOf(answer)).not.toContain(koubou.home);
    }
    expect(textOf(await call(ann, 'evaluate_document', { path: 'guide-0.md', project_path: '/etc' }))).toContain('ROOT_NOT_ALLOWED');
  });

  test("another tenant's run is as unknown as one that never was", async () => {
    const { run_id: runId } = await standing(ann, 'review_start', { path: 'guide-1.md', wait_ms: 50_000 });
    const random = '01a1fec0-0000-7000-8000-000000000000';
    const calls = [['review_status', {}], ['review_wait', {}], ['review_result', {}], ['review_cancel', {}], ['review_decide', { decision: 'approve' }], ['review_retry', {}]] as const;
    for (const [tool, args] of calls) {
      const [theirs, none] = await Promise.all([runId, random].map(async (id) => {
        const answer = await call(ben, tool, { run_id: id, ...args });
        return [answer.isError, textOf(answer).replaceAll(id, 'ID')];
      }));
      expect([tool, theirs]).toEqual([tool, none]);
      expect(theirs).toEqual([true, expect.stringContaining('RUN_UNKNOWN')]);
    }
    const lists = await Promise.all([ann, ben].map(async (who) => JSON.stringify((await call(who, 'review_list', {})).structuredContent)));
    expect(lists.map((list) => list.includes(runId))).toEqual([true, false]);
    expect((await standing(ann, 'review_status', { run_id: runId })).state).toBe('completed');
  });

  test('a run that could not begin is told to whoever started it', async () => {
    const { run_id: runId, state } = await standing(ann, 'review_start', { text: 'words', name: 'a.md', reviewers: ['nobody'], wait_ms: 50_000 });
    expect([state, (await call(ben, 'review_status', { run_id: runId })).isError]).toEqual(['failed', true]);
  });

  test('a stream that is dropped ends no run', async () => {
    const dropped = await connect(url, tokens.ann);
    const started = dropped.call('review_start', { path: 'guide-2.md', wait_ms: 50_000 }).catch(() => 'dropped');
    await sleep(150);
    await dropped.client.close();
    expect(await started).toBe('dropped');
    const { run_id: runId, state } = await standing(ann, 'review_start', { path: 'guide-2.md', wait_ms: 50_000 });
    expect([state, typeof runId]).toEqual(['completed', 'string']);
  });

  test('SIGTERM answers who waits and leaves the run alone: the next server finds it', { timeout: 180_000 }, async () => {
    const { run_id: runId } = await standing(ann, 'review_start', { paths: ['guide-3.md', 'guide-4.md'], target_score: 99 });
    const waiting = call(ann, 'review_wait', { run_id: runId }).then((answer) => JSON.stringify(answer.structuredContent), (error: Error) => error.message);
    await sleep(50);
    server.child.kill('SIGTERM');
    expect(await waiting).toMatch(/Nothing is lost: runs go on|"state":"completed"/);
    expect((await server.ended).code).toBe(0);
    await startServer();
    expect((await standing(ann, 'review_wait', { run_id: runId })).state).toBe('completed');
  });

  test('the Inspector has nothing to say against the tools', async () => {
    const inspector = fileURLToPath(new URL('../../../node_modules/.bin/mcp-inspector', import.meta.url));
    const args = ['--cli', url, '--transport', 'http', '--header', `Authorization: Bearer ${tokens.ann}`, '--method', 'tools/list', '--strict', '--format', 'json'];
    const { stdout } = await promisify(execFile)(process.execPath, [inspector, ...args], { maxBuffer: 10_000_000 });
    expect(stdout).toContain('"review_start"');
  });
});
