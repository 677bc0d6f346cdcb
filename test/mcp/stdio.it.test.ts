import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { makeCommand, type Command } from '../support/command.ts';
import { startFakeModel, type FakeModel } from '../support/fake-model/fake-model.ts';
import type { Asked, Reply } from '../support/fake-model/script.ts';
import { connect, initialize, startRaw, type Answer, type Connected } from './stdio-client.ts';

const code = readFileSync(new URL('../../examples/checkout.ts', import.meta.url), 'utf8');
const canary = 'canary-8c1f6e';

// Content that begins with 'slow' is judged slowly.
function judge({ body }: Asked): Reply {
  const nonce = /nonce: the word ([0-9a-f]{16})/.exec(body)?.[1] ?? '';
  const reason = 'As the text says.';
  const criteria = Object.fromEntries(['syntax', 'logic', 'performance', 'security'].map((name) => [name, { score: 9, reason }]));
  const json = { nonce, findings: [], criteria, strengths: [], weaknesses: [], recommendations: ['Say how fast.'], technical_notes: '', conclusion: 'It can be built.', rationale: reason, score: 9, ready: true };
  return body.includes('slow-document') ? { json, delayMs: 5_000 } : { json };
}

let koubou: Command;
let model: FakeModel;
let server: Connected;

beforeAll(async () => {
  model = await startFakeModel({ script: judge });
  koubou = makeCommand({ KOUBOU_TEMPORAL: inject('temporalPath') });
  for (const name of ['checkout.ts', 'one.ts', 'two.ts', 'three.ts', 'four.ts']) koubou.write(name, `${code}\n// ${name}\n`);
  const settings = join(koubou.home, '.config/koubou/koubou.yaml');
  mkdirSync(dirname(settings), { recursive: true });
  writeFileSync(settings, `llm:\n  providers: { local: { base_url: '${model.url}/v1' } }\n  models: { local: { provider: local, model: fake } }\n  prices: { fake: { input_per_million_usd: 1, output_per_million_usd: 5 } }\n`);
  server = await connect(koubou);
});

afterAll(async () => {
  await server.close();
  await koubou.dispose();
  await model.close();
});

async function ended(runId: string): Promise<string> {
  for (;;) {
    const { structured } = await server.call('review_wait', { run_id: runId });
    if (['completed', 'cancelled', 'failed'].includes(structured.state)) return structured.state;
  }
}

describe('a client', () => {
  test('finds tools, prompts and resources without anything being written or started', async () => {
    const { tools } = await server.client.listTools();
    const { prompts } = await server.client.listPrompts();
    const { resources } = await server.client.listResources();
    expect([tools.length, prompts.map(({ name }) => name), resources]).toEqual([9, ['review', 'improve', 'evaluate'], []]);
    expect(existsSync(join(koubou.home, 'koubou', 'state'))).toBe(false);
  });

  test('starts a review, waits for it with progress, and reads its result', async () => {
    const told: string[] = [];
    const started = await server.call('review_start', { path: 'checkout.ts' }, { onProgress: (message) => told.push(message) });
    const { run_id: runId } = started.structured;
    expect(started.structured).toEqual({ run_id: expect.any(String), state: 'queued', kind: 'review', score: null, joined: false, next_step: `Call review_wait with run_id ${runId}.` });
    expect(told).toContain('Starting the local service.');
    const { structured } = await server.call('review_wait', { run_id: runId }, { onProgress: (message) => told.push(message) });
    expect(structured).toMatchObject({ run_id: runId, state: 'completed', outcome: 'target_reached', ready: true, target_score: 85, is_improved: true, saved: null });
    expect(told.some((message) => message.startsWith('reviewing') || message.startsWith('opening'))).toBe(true);
    const report = await server.call('review_result', { run_id: runId });
    expect(report.text).toMatch(/^# Review of `checkout\.ts`/);
    const page = await server.call('review_result', { run_id: runId, part: 'text', max_chars: 1_000 });
    expect(page.text).toMatch(new RegExp(String.raw`\[Characters 0 to 1000 of \d+\. Call review_result with run_id ${runId}, part text and offset 1000 for more\.\]$`));
    const diff = await server.call('review_result', { run_id: runId, part: 'diff' });
    expect(diff.text).toMatch(/^--- /);
    expect(koubou.read('checkout.ts')).toBe(`${code}\n// checkout.ts\n`);
    const { contents } = await server.client.readResource({ uri: `koubou://runs/${runId}/revisions/0` });
    expect(contents).toEqual([{ uri: `koubou://runs/${runId}/revisions/0`, mimeType: 'text/plain', text: `${code}\n// checkout.ts\n` }]);
  });

  test('reviews a folder as one batch within one call', async () => {
    koubou.write('docs/a.md', '# A\n\nText.\n');
    koubou.write('docs/b.md', '# B\n\nText.\n');
    const { structured } = await server.call('review_start', { paths: ['docs'], wait_ms: 50_000 });
    expect(structured).toMatchObject({ kind: 'batch', state: 'completed', total: 2, ready: 2 });
    const { text } = await server.call('review_result', { run_id: structured.run_id });
    expect(text).toMatch(/^# Batch .*\n\n2 of 2 ready/);
    const listed = await server.call('review_list', { states: ['completed'], limit: 2 });
    expect(listed.structured['runs']).toHaveLength(2);
    const older = await server.call('review_list', { cursor: listed.structured['next_cursor'] });
    expect((older.structured['runs'] as { run_id: string }[]).map(({ run_id: id }) => id)).not.toContain((listed.structured['runs'] as { run_id: string }[])[0]!.run_id);
  });

  test('has a document judged by the first model there is, within the call', async () => {
    const { structured, text } = await server.call('evaluate_document', { content: '# Queue\n\nAt most 10 jobs wait.\n', document_type: 'design', target_score: 7, criteria: ['clarity'], weights: { clarity: 2, logic: 1 } });
    expect(structured).toMatchObject({ ready_for_implementation: true, target_score: 7, reviewer: 'local', state: 'completed', model_ready: true, recommendations: ['Say how fast.'] });
    expect(text).toMatch(/^Score [\d.]+ of 7: ready for implementation\./);
  });

  test('is told that nobody read the criteria where no model judges, and why a judgement failed', async () => {
    const plain = await server.call('evaluate_document', { content: '# Queue\n', reviewer: 'static', criteria: ['clarity'] });
    expect([plain.structured['note'], plain.text.includes('The criteria were not judged')]).toEqual([expect.stringMatching(/^The criteria were not judged/), true]);
    const weak = await server.call('evaluate_document', { content: '#Queue\n', reviewer: 'static', target_score: 10 });
    expect(weak.text).toMatch(/^Score [\d.]+ of 10: not ready[^]*\nWeaknesses:\n- medium, line 1: [^]*\nRevise the document by blockers, recommendations and weaknesses, then call evaluate_document again\.$/);
    const failed = await server.call('evaluate_document', { content: '# Queue\n', reviewer: 'nobody' });
    expect(failed.text).toMatch(/^Run \S+ is failed; no score yet\.\n.*nobody.* \[REVIEWER_UNKNOWN\]\nRemove what error names, then call evaluate_document again\.$/);
  });

  test('is given the handle of a judgement that takes longer than its patience', async () => {
    const impatient = await connect(koubou, { env: { KOUBOU_MCP_WAIT: '1s' } });
    const ask = (): Promise<Answer> => impatient.call('evaluate_document', { content: '# slow-document one\n' });
    let answer = await ask();
    // A busy machine takes longer to connect than this caller waits; then it is told to call again.
    while (answer.text.includes('SERVICE_STARTING')) answer = await ask();
    const { structured } = answer;
    expect(structured).toMatchObject({ ready_for_implementation: false, score: null, state: expect.stringMatching(/^(?:queued|reviewing)$/) });
    expect(structured.next_step).toBe(`Call review_wait with run_id ${structured.run_id}, then review_result with part evaluation.`);
    await impatient.close();
    expect(await ended(structured.run_id)).toBe('completed');
    const { text } = await server.call('review_result', { run_id: structured.run_id, part: 'evaluation' });
    expect(JSON.parse(text)).toMatchObject({ ready_for_implementation: true, run_id: structured.run_id });
  });
});

describe('a run that waits for a person', () => {
  const wish = { save: 'write', approval: 'before_save', wait_ms: 50_000 };

  test('is decided by a form where the client has forms', async () => {
    const asked: unknown[] = [];
    const withForms = await connect(koubou, { name: 'forms', fill: (message, schema) => (asked.push([message, schema]), { action: 'accept', content: { decision: 'approve', note: 'fine' } }) });
    const { structured, text } = await withForms.call('review_start', { path: 'one.ts', ...wish });
    await withForms.close();
    expect([text, structured]).toEqual([expect.any(String), expect.objectContaining({ state: 'completed', outcome: 'target_reached', saved: { path: 'one.ts', sha256: expect.any(String) } })]);
    expect(asked).toEqual([['Review of one.ts. A decision: approve or reject saving the improved revision.', {
      type: 'object',
      properties: { decision: { type: 'string', title: 'Decision', enum: ['approve', 'reject', 'abort'] }, note: { type: 'string', title: 'Note', description: 'Kept with the decision' } },
      required: ['decision'],
    }]]);
    expect(koubou.read('one.ts')).not.toBe(`${code}\n// one.ts\n`);
  });

  test('is left waiting by one who declines, and decided by the tool from another process', async () => {
    const declining = await connect(koubou, { fill: () => ({ action: 'decline' }) });
    const { structured } = await declining.call('review_start', { path: 'two.ts', ...wish });
    await declining.close();
    expect(structured).toMatchObject({ state: 'waiting_for_decision', decisions: ['approve', 'reject', 'abort'] });
    const refused = await server.call('review_decide', { run_id: structured.run_id, decision: 'continue' });
    expect([refused.isError, refused.text]).toEqual([true, 'The run waits for one of: approve, reject, abort. [DECISION_REFUSED]\nCall review_status; it says what the run waits for.']);
    await server.call('review_decide', { run_id: structured.run_id, decision: 'reject' });
    const { structured: rejected } = await server.call('review_wait', { run_id: structured.run_id });
    expect(rejected).toMatchObject({ state: 'completed', outcome: 'rejected', saved: null });
    const late = await server.call('review_decide', { run_id: structured.run_id, decision: 'approve' });
    expect(late.text).toBe('The run has ended already. [RUN_NOT_OPEN]\nCall review_status.');
  });

  test('shows what is to be decided about before it is, and says that it waits however short the call', async () => {
    const { structured: { run_id: runId } } = await server.call('review_start', { path: 'four.ts', ...wish });
    const [text, diff, report] = [await server.call('review_result', { run_id: runId, part: 'text' }), await server.call('review_result', { run_id: runId, part: 'diff' }), await server.call('review_result', { run_id: runId })];
    expect(diff.text.startsWith('--- a/four.ts\n+++ b/four.ts\n@@ ')).toBe(true);
    expect(report.text).toBe('The run has not ended. [RUN_NOT_FINISHED]\nCall review_wait. Of a run that waits for a decision part diff and part text can be read.');
    const looks = [await server.call('review_wait', { run_id: runId.toUpperCase(), wait_ms: 0 }), await server.call('review_start', { path: 'four.ts', ...wish, wait_ms: 0 })];
    const next = `Show the user review_result with run_id ${runId} and part diff and ask, then call review_decide with it and decision approve or reject.`;
    expect(looks.map(({ structured }) => [structured.run_id, structured.state, structured.next_step])).toEqual([[runId, 'waiting_for_decision', next], [runId, 'waiting_for_decision', next]]);
    await server.call('review_decide', { run_id: runId, decision: 'approve' });
    expect([await ended(runId), koubou.read('four.ts') === text.text]).toEqual(['completed', true]);
  });

  test('joins the same request, and is cancelled by review_cancel alone, as often as that is called', async () => {
    const first = await server.call('review_start', { path: 'three.ts', ...wish });
    const again = await server.call('review_start', { path: 'three.ts', ...wish });
    expect([first.structured.state, again.structured.run_id, again.structured['joined']]).toEqual(['waiting_for_decision', first.structured.run_id, true]);
    const cancelled = await server.call('review_cancel', { run_id: first.structured.run_id });
    const twice = await server.call('review_cancel', { run_id: first.structured.run_id });
    expect([cancelled.structured.state, twice.structured.state, twice.structured['note']]).toEqual(['cancelled', 'cancelled', 'The run had ended before.']);
  });
});

describe('nothing that becomes of a client', () => {
  async function slowRun(title: string): Promise<string> {
    const { structured } = await server.call('review_start', { text: `# slow-document ${title}\n`, name: 'spec.md', reviewers: ['local'], max_iterations: 1 });
    return structured.run_id;
  }

  test('ends a run: not its cancelling of a call, with whatever id', async () => {
    const runId = await slowRun('cancelled call');
    const raw = startRaw(koubou);
    raw.send(initialize);
    await raw.next();
    raw.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    raw.send({ jsonrpc: '2.0', id: 0, method: 'tools/call', params: { name: 'review_wait', arguments: { run_id: runId } } });
    await sleep(1_500);
    raw.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 0, reason: 'McpError -32001: Request timed out' } });
    raw.send({ jsonrpc: '2.0', id: 3, method: 'ping' });
    expect(await raw.next()).toEqual({ jsonrpc: '2.0', id: 3, result: {} });
    raw.child.stdin.end();
    expect(await raw.ended).toBe(0);
    expect(await ended(runId)).toBe('completed');
  });

  test('ends a run: not the death of its server; another process goes on waiting', async () => {
    const runId = await slowRun('killed server');
    const doomed = await connect(koubou);
    const waiting = doomed.call('review_wait', { run_id: runId }).catch((error: Error) => error.message);
    await sleep(1_500);
    process.kill(doomed.pid, 'SIGKILL');
    expect(await waiting).toContain('Connection closed');
    const next = await connect(koubou);
    const { structured } = await next.call('review_wait', { run_id: runId });
    await next.close();
    expect(structured).toMatchObject({ run_id: runId, state: 'completed' });
  });

  test.each([
    ['the end of its input', (raw: ReturnType<typeof startRaw>) => void raw.child.stdin.end()],
    ['SIGTERM', (raw: ReturnType<typeof startRaw>) => void raw.child.kill('SIGTERM')],
    ['SIGINT', (raw: ReturnType<typeof startRaw>) => void raw.child.kill('SIGINT')],
    ['a reader that has gone', (raw: ReturnType<typeof startRaw>) => {
      raw.child.stdout.destroy();
      raw.send({ jsonrpc: '2.0', id: 9, method: 'ping' });
    }],
  ])('keeps the server after %s, even in the middle of a wait', async (_, leave) => {
    const runId = await slowRun('left alone');
    const raw = startRaw(koubou);
    raw.send(initialize);
    await raw.next();
    raw.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    raw.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'review_wait', arguments: { run_id: runId } } });
    await sleep(1_000);
    const left = performance.now();
    leave(raw);
    expect(await raw.ended).toBe(0);
    // Half a second where nothing else runs.
    expect(performance.now() - left).toBeLessThan(5_000);
  });
});

describe('a hostile or careless caller', () => {
  const refused: readonly (readonly [object, string])[] = [
    [{ path: '../secret.ts' }, 'PATH_TRAVERSAL'],
    [{ path: 'a/../../secret.ts' }, 'PATH_TRAVERSAL'],
    [{ path: '/etc/passwd' }, 'ROOT_NOT_ALLOWED'],
    [{ path: '/proc/self/environ' }, 'ROOT_NOT_ALLOWED'],
    [{ path: '~/x.ts' }, 'PATH_ABSOLUTE'],
    [{ path: '%2e%2e/secret.ts' }, 'NOT_FOUND'],
    [{ path: 'file:///etc/passwd' }, 'PATH_RESERVED'],
    [{ path: '..\\secret.ts' }, 'PATH_BAD_CHAR'],
    [{ path: 'a\0.ts' }, 'PATH_BAD_CHAR'],
    [{ path: '--output=pwn' }, 'PATH_LEADING_DASH'],
    [{ path: '$(touch pwn).ts' }, 'NOT_FOUND'],
    [{ path: '.git/config' }, 'PATH_DENIED_NAME'],
    [{ path: 'link.ts' }, 'PATH_SYMLINK'],
    [{ path: 'linked/x.ts' }, 'PATH_SYMLINK'],
    [{ path: 'hard.ts' }, 'PATH_HARDLINK'],
    [{ path: `${'a'.repeat(2_000)}.ts` }, 'PATH_TOO_LONG'],
    [{ path: 'docs' }, 'NOT_REGULAR'],
    [{ paths: ['docs', '../..'] }, 'PATH_TRAVERSAL'],
    [{ text: 'x'.repeat(1_100_000), name: 'x.md' }, 'TEXT_TOO_LARGE'],
    [{ text: 'x', save: 'write' }, 'INPUT_INVALID'],
    [{ path: 'one.ts', text: 'x' }, 'INPUT_INVALID'],
    [{ path: 'one.ts', reviewers: ['static'], check_commands: ['touch pwn'] }, 'INPUT_INVALID'],
    [{ path: 'one.ts', target_score: 1_000 }, 'INPUT_INVALID'],
    [{}, 'INPUT_INVALID'],
  ];
  test.each(refused.map(([args, expected]) => [JSON.stringify(args).slice(0, 60), expected, args] as const))('review_start %s is answered by %s and starts nothing', async (_, expected, args) => {
    writeFileSync(join(koubou.project, '../secret.ts'), `// ${canary}\n`);
    if (!existsSync(join(koubou.project, 'link.ts'))) {
      symlinkSync('/etc/passwd', join(koubou.project, 'link.ts'));
      symlinkSync('/etc', join(koubou.project, 'linked'));
      linkSync(join(koubou.project, '../secret.ts'), join(koubou.project, 'hard.ts'));
      mkdirSync(join(koubou.project, '.git'), { recursive: true });
    }
    const { isError, text } = await server.call('review_start', args);
    expect([isError, /\[(\w+)\]\n/.exec(text)?.[1]]).toEqual([true, expected]);
    expect(text.split('\n')).toHaveLength(2);
    expect([text.includes(canary), text.includes(koubou.project), text.includes(koubou.home), /\bat .*:\d+:\d+/.test(text)]).toEqual([false, false, false, false]);
    expect(existsSync(join(koubou.project, 'pwn'))).toBe(false);
  });

  test('names a folder outside the roots for the project and is refused', async () => {
    const { text } = await server.call('evaluate_document', { content: '# A\n', project_path: '/etc' });
    expect(text).toContain('[ROOT_NOT_ALLOWED]');
  });

  test('names a run that is not there, by every kind of id', async () => {
    const ids = ['0190a0a0-0000-7000-8000-000000000000', 'review-0123456789abcdef0123', '0', '', '../x', 'x'.repeat(5_000)];
    const answers = await Promise.all(ids.map(async (id) => (await server.call('review_status', { run_id: id })).text));
    expect(answers.map((text) => /\[(\w+)\]/.exec(text)?.[1])).toEqual(['RUN_UNKNOWN', ...Array.from({ length: 5 }, () => 'INPUT_INVALID')]);
  });

  test('sends lines that are too long or no JSON, and is answered each time', async () => {
    const raw = startRaw(koubou);
    raw.send(initialize);
    await raw.next();
    const big = 'x'.repeat(11 * 1024 * 1024);
    raw.send({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'review_start', arguments: { text: big } } });
    expect(await raw.next()).toEqual({ jsonrpc: '2.0', id: 7, error: { code: -32_600, message: 'A message may have 10485760 bytes. Put a large text into a file and give its path.' } });
    raw.send({ method: 'tools/call', params: { name: 'review_start', arguments: { text: big } }, jsonrpc: '2.0', id: 8 });
    expect(await raw.next()).toMatchObject({ id: 8 });
    raw.send('{"jsonrpc": ');
    expect(await raw.next()).toEqual({ jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'A line is no JSON.' } });
    raw.send({ jsonrpc: '2.0', id: 'server-discover-probe-1', method: 'server/discover' });
    expect(await raw.next()).toMatchObject({ id: 'server-discover-probe-1', error: { code: -32_601 } });
    raw.send({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'review_start', arguments: { paths: Array.from({ length: 1_000_000 }, () => 1) } } });
    expect(await raw.next()).toMatchObject({ id: 9, result: { isError: true } });
    raw.send({ jsonrpc: '2.0', id: 10, method: 'ping' });
    expect(await raw.next()).toEqual({ jsonrpc: '2.0', id: 10, result: {} });
    raw.child.stdin.end();
    expect(await raw.ended).toBe(0);
  });
});

describe('a server', () => {
  test('tells how to start the service where it may not start one', async () => {
    const other = makeCommand({});
    const lonely = await connect(other, { env: { KOUBOU_MCP_AUTOSTART: 'false' } });
    other.write('a.ts', 'export const a = 1;\n');
    const { isError, text } = await lonely.call('review_start', { path: 'a.ts' });
    expect([isError, text]).toEqual([true, 'No Koubou service is running, and the settings do not let this server start one. [SERVICE_NOT_RUNNING]\nAsk the user to run `koubou up --detach` in a terminal, then call again. Runs that were started are not lost.']);
    const { structured } = await lonely.call('review_list');
    expect(structured).toEqual({ runs: [], next_step: 'Call review_start.' });
    await lonely.close();
    await other.dispose();
  });

  test('answers a thousand calls without growing', async () => {
    const fresh = await connect(koubou);
    const { structured } = await fresh.call('review_start', { path: 'checkout.ts', wait_ms: 50_000 });
    const rss = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${fresh.pid}/status`, 'utf8'))![1]) / 1_024;
    const ask = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 10) await Promise.all(Array.from({ length: 10 }, () => fresh.call('review_status', { run_id: structured.run_id })));
    };
    await ask(500);
    const before = rss();
    const begun = performance.now();
    await ask(1_000);
    expect([performance.now() - begun < 30_000, rss() - before < 60]).toEqual([true, true]);
    await fresh.close();
  });
});
