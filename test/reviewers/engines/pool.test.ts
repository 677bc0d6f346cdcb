import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createEnginePool, type EnginePool } from '#reviewers/engines/pool.ts';
import type { EngineDocument } from '#reviewers/engines/engine.ts';
import { engines } from '../../fixtures/engines/misbehaving.ts';

const module = new URL('../../fixtures/engines/misbehaving.ts', import.meta.url).href;
const document: EngineDocument = { name: 'a.py', language: 'python', text: 'x = "a secret of the text"\n', depth: 'full' };
const forever = new AbortController().signal;
const pools: EnginePool[] = [];

function openPool(limits: Parameters<typeof createEnginePool>[0] = {}): EnginePool {
  const pool = createEnginePool({ engines: { list: engines, module }, ...limits });
  pools.push(pool);
  return pool;
}

const shared = openPool({ limits: { heapMb: 24, growthMb: 120 } });
const ask = (engine: string, timeoutMs = 10_000, signal = forever) => shared.run({ engine, document }, { timeoutMs, signal });

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

describe('the engine pool', () => {
  test('hands over what an engine says', async () => {
    const finding = { ruleId: 'good/remark', category: 'logic', severity: 'low', confidence: 0.9, message: 'A remark.', start: 0, end: 1 };
    expect(await ask('good')).toEqual({ output: { findings: [finding], parses: true }, durationMs: expect.any(Number) });
  });

  test.each([
    ['throwing', 'It crashed (RangeError).', 10_000],
    ['hanging', 'It overran its time of 150 ms.', 150],
    ['never-answering', 'It overran its time of 100 ms.', 100],
    ['exiting', 'It ended its thread.', 10_000],
    ['late', 'It crashed and took its thread with it.', 10_000],
    ['eating', 'It ran out of memory.', 20_000],
    ['growing', 'It ran out of memory.', 20_000],
    ['unheard of', 'It crashed (TypeError).', 10_000],
  ])('reports an engine that misbehaves (%s) and goes on', async (engine, error, timeoutMs) => {
    expect(await ask(engine, timeoutMs)).toEqual({ error, durationMs: expect.any(Number) });
    expect(await ask('good')).toHaveProperty('output');
  });

  test('keeps one warm thread for calls that went well', async () => {
    await ask('throwing');
    const said = await Promise.all([ask('counting'), ask('counting'), ask('counting')]);
    expect(said.map((answer) => ('output' in answer ? answer.output.findings[0]!.message : answer.error))).toEqual(['1', '2', '3']);
  });

  test('replaces a thread after a number of calls', async () => {
    const pool = openPool({ limits: { recycleAfterCalls: 2 } });
    const said: string[] = [];
    for (let call = 0; call < 4; call += 1) {
      const answer = await pool.run({ engine: 'counting', document }, { timeoutMs: 10_000, signal: forever });
      said.push('output' in answer ? answer.output.findings[0]!.message : answer.error);
    }
    expect(said).toEqual(['1', '2', '1', '2']);
  });

  test('replaces a thread once the process has grown', async () => {
    const pool = openPool({ limits: { recycleGrowthMb: -100_000 } });
    const call = () => pool.run({ engine: 'counting', document }, { timeoutMs: 10_000, signal: forever });
    await call();
    expect(await call()).toMatchObject({ output: { findings: [{ message: '1' }] } });
  });

  test('ends a running call when its caller gives up', async () => {
    const caller = new AbortController();
    const call = ask('hanging', 60_000, caller.signal);
    setTimeout(() => caller.abort(new Error('no longer wanted')), 50);
    await expect(call).rejects.toThrow('no longer wanted');
    expect(await ask('good')).toHaveProperty('output');
  });

  test('lets a waiting caller give up its turn without ending the others', async () => {
    const caller = new AbortController();
    const first = ask('hanging', 150);
    const second = ask('good', 10_000, caller.signal);
    const third = ask('good');
    caller.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    expect(await first).toHaveProperty('error');
    expect(await third).toHaveProperty('output');
  });

  test('does not begin for a caller that is gone already', async () => {
    await expect(ask('good', 10_000, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  test('does not count the wait for a free thread as working time', async () => {
    const [, second] = await Promise.all([ask('hanging', 200), ask('good', 10_000)]);
    expect(second.durationMs).toBeLessThan(200);
  });

  test('runs as many calls at once as it has threads', async () => {
    const pool = openPool({ size: 2 });
    const hang = pool.run({ engine: 'hanging', document }, { timeoutMs: 700, signal: forever });
    const good = await pool.run({ engine: 'good', document }, { timeoutMs: 10_000, signal: forever });
    expect(good).toHaveProperty('output');
    expect(await hang).toHaveProperty('error');
  });

  test('answers with an error once it is closed', async () => {
    const pool = openPool();
    await pool.close();
    expect(await pool.run({ engine: 'good', document }, { timeoutMs: 1_000, signal: forever })).toEqual({ error: 'The engines have been closed.', durationMs: 0 });
  });

  test('keeps no process alive, and what engines print is not seen', () => {
    const code = `
      import { createEnginePool } from '#reviewers/engines/pool.ts';
      import { engines } from './test/fixtures/engines/misbehaving.ts';
      const pool = createEnginePool({ engines: { list: engines, module: ${JSON.stringify(module)} } });
      const answer = await pool.run({ engine: 'printing', document: ${JSON.stringify(document)} }, { timeoutMs: 10_000, signal: new AbortController().signal });
      console.log(Object.keys(answer).join(' '));`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: path.resolve(import.meta.dirname, '../../..'), encoding: 'utf8', timeout: 15_000 });
    expect({ status: result.status, stdout: result.stdout, stderr: result.stderr }).toEqual({ status: 0, stdout: 'output durationMs\n', stderr: '' });
  });
});
