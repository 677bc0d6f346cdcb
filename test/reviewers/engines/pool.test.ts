import { afterAll, describe, expect, test, vi } from 'vitest';
import { createEnginePool } from '#reviewers/engines/pool.ts';
import type { EngineDocument } from '#reviewers/engines/engine.ts';
import { engines } from '../../fixtures/engines/misbehaving.ts';

const document: EngineDocument = { name: 'a.py', language: 'python', text: 'x = "a secret of the text"\n', depth: 'full' };
const misbehaving = { list: engines, module: new URL('../../fixtures/engines/misbehaving.ts', import.meta.url).href };
const pool = createEnginePool({ engines: misbehaving });
const ask = (engine: string, timeoutMs = 10_000, signal = new AbortController().signal) => pool.run({ engine, document }, { timeoutMs, signal });

afterAll(() => pool.close());

// What takes a process or much memory to show is in pool.it.test.ts.
describe('the engine pool', () => {
  test('hands over what an engine says', async () => {
    const finding = { ruleId: 'good/remark', category: 'logic', severity: 'low', confidence: 0.9, message: 'A remark.', start: 0, end: 1 };
    expect(await ask('good')).toEqual({ output: { findings: [finding], parses: true }, durationMs: expect.any(Number) });
  });

  test.each([
    ['throwing', 'It crashed (RangeError).', 10_000],
    ['hanging', 'It overran its time of 100 ms.', 100],
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

  test('ends a running call when its caller gives up', async () => {
    const caller = new AbortController();
    const call = ask('hanging', 60_000, caller.signal);
    setTimeout(() => caller.abort(new Error('no longer wanted')), 20);
    await expect(call).rejects.toThrow('no longer wanted');
    expect(await ask('good')).toHaveProperty('output');
  });

  test('lets a waiting caller give up its turn without ending the others', async () => {
    const caller = new AbortController();
    const first = ask('slow');
    const second = ask('good', 10_000, caller.signal);
    const third = ask('good');
    caller.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    expect([await first, await third].map((answer) => 'output' in answer)).toEqual([true, true]);
  });

  test('does not begin for a caller that is gone already', async () => {
    await expect(ask('good', 10_000, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  test('does not count loading as working time, but ends it too', async () => {
    const aside = vi.fn((work: () => Promise<unknown>) => work()) as <T>(work: () => Promise<T>) => Promise<T>;
    const limits = { timeoutMs: 10_000, signal: new AbortController().signal, aside };
    await ask('throwing');
    expect(await pool.run({ engine: 'loadingSlowly', document }, { ...limits, timeoutMs: 200 })).toHaveProperty('output');
    expect(await pool.run({ engine: 'loadingSlowly', document }, limits)).toHaveProperty('output');
    expect(aside).toHaveBeenCalledTimes(1);
    const impatient = createEnginePool({ engines: misbehaving, limits: { loadMs: 100 } });
    expect(await impatient.run({ engine: 'loadingSlowly', document }, limits)).toMatchObject({ error: 'It overran its time of 100 ms.' });
    await impatient.close();
  });

  test('gives no engine more time than one may take', async () => {
    const strict = createEnginePool({ engines: misbehaving, limits: { engineTimeoutMs: 150 } });
    expect(await strict.run({ engine: 'hanging', document }, { timeoutMs: 10_000, signal: new AbortController().signal })).toEqual({ error: 'It overran its time of 150 ms.', durationMs: expect.any(Number) });
    await strict.close();
  });

  test('does not count the wait for a free thread as working time', async () => {
    const [first, second] = await Promise.all([ask('slow'), ask('good')]);
    expect(first.durationMs).toBeGreaterThan(200);
    expect(second.durationMs).toBeLessThan(first.durationMs);
  });

  test('answers with an error once it is closed', async () => {
    const closed = createEnginePool();
    await closed.close();
    expect(await closed.run({ engine: 'yaml', document }, { timeoutMs: 1_000, signal: new AbortController().signal })).toEqual({ error: 'The engines have been closed.', durationMs: 0 });
  });
});
