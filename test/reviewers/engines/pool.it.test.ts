import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { EngineDocument } from '#reviewers/engines/engine.ts';
import { createEnginePool, type EnginePool, type PoolOptions } from '#reviewers/engines/pool.ts';
import { engines } from '../../fixtures/engines/misbehaving.ts';

const module = new URL('../../fixtures/engines/misbehaving.ts', import.meta.url).href;
const document: EngineDocument = { name: 'a.py', language: 'python', text: 'x = 1\n', depth: 'full' };
const pools: EnginePool[] = [];

function openPool(options: PoolOptions = {}): (engine: string, timeoutMs?: number) => ReturnType<EnginePool['run']> {
  const pool = createEnginePool({ engines: { list: engines, module }, ...options });
  pools.push(pool);
  return (engine, timeoutMs = 60_000) => pool.run({ engine, document }, { timeoutMs, signal: new AbortController().signal });
}

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

describe('the engine pool', () => {
  const ask = openPool({ limits: { heapMb: 48, growthMb: 200 } });

  test.each([
    ['never-answering', 'It overran its time of 200 ms.', 200],
    ['exiting', 'It ended its thread.', 60_000],
    ['late', 'It crashed and took its thread with it.', 60_000],
    ['eating', 'It ran out of memory.', 60_000],
    ['growing', 'It ran out of memory.', 60_000],
  ])('outlives an engine that misbehaves (%s)', async (engine, error, timeoutMs) => {
    expect(await ask(engine, timeoutMs)).toEqual({ error, durationMs: expect.any(Number) });
    expect(await ask('good')).toHaveProperty('output');
  });

  test('replaces a thread after a number of calls', async () => {
    const count = openPool({ limits: { recycleAfterCalls: 2 } });
    const said: string[] = [];
    for (let call = 0; call < 4; call += 1) {
      const answer = await count('counting');
      said.push('output' in answer ? answer.output.findings[0]!.message : answer.error);
    }
    expect(said).toEqual(['1', '2', '1', '2']);
  });

  test('replaces a thread once the process has grown', async () => {
    const count = openPool({ limits: { recycleGrowthMb: -100_000 } });
    await count('counting');
    expect(await count('counting')).toMatchObject({ output: { findings: [{ message: '1' }] } });
  });

  test('runs as many calls at once as it has threads', async () => {
    const both = openPool({ size: 2 });
    const hanging = both('hanging', 5_000);
    const good = await both('good');
    expect(good).toHaveProperty('output');
    expect(await Promise.race([hanging, Promise.resolve('still running')])).toBe('still running');
    expect(await hanging).toHaveProperty('error');
  });

  test('keeps no process alive, and what engines print is not seen', () => {
    const code = `
      import { createEnginePool } from '#reviewers/engines/pool.ts';
      import { engines } from './test/fixtures/engines/misbehaving.ts';
      const pool = createEnginePool({ engines: { list: engines, module: ${JSON.stringify(module)} } });
      const answer = await pool.run({ engine: 'printing', document: ${JSON.stringify(document)} }, { timeoutMs: 60_000, signal: new AbortController().signal });
      console.log('output' in answer);`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: path.resolve(import.meta.dirname, '../../..'), encoding: 'utf8', timeout: 60_000 });
    expect({ status: result.status, stdout: result.stdout, stderr: result.stderr }).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
  });

  test('dies with its process, even in the middle of a call', () => {
    const code = `
      import { createEnginePool } from '#reviewers/engines/pool.ts';
      import { engines } from './test/fixtures/engines/misbehaving.ts';
      const pool = createEnginePool({ engines: { list: engines, module: ${JSON.stringify(module)} } });
      void pool.run({ engine: 'hanging', document: ${JSON.stringify(document)} }, { timeoutMs: 60_000, signal: new AbortController().signal });
      setTimeout(() => process.exit(7), 500);`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: path.resolve(import.meta.dirname, '../../..'), encoding: 'utf8', timeout: 60_000 });
    expect(result.status).toBe(7);
  });
});
