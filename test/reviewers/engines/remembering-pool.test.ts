import { describe, expect, test } from 'vitest';
import type { EngineDocument } from '#reviewers/engines/engine.ts';
import { rememberAnswers } from '#reviewers/engines/remembering-pool.ts';
import { engineOf, inProcessPool } from '../support/in-process-pool.ts';

const document: EngineDocument = { name: 'a.py', language: 'python', text: 'x', depth: 'full' };
const limits = { timeoutMs: 1_000, signal: new AbortController().signal };

describe('a pool that remembers', () => {
  test('shows an engine the same text once', async () => {
    const pool = inProcessPool([engineOf('one', () => ({ findings: [], parses: true }))]);
    const remembering = rememberAnswers(pool);
    const first = await remembering.run({ engine: 'one', document }, limits);
    const second = await remembering.run({ engine: 'one', document: { ...document } }, limits);
    expect([first, second, pool.asked]).toEqual([{ output: { findings: [], parses: true }, durationMs: 1 }, { output: { findings: [], parses: true }, durationMs: 0 }, ['one']]);
  });

  test.each<[string, Partial<EngineDocument>]>([
    ['text', { text: 'y' }],
    ['name', { name: 'b.py' }],
    ['language', { language: 'css' }],
    ['depth', { depth: 'syntax' }],
    ['previous text', { previousText: 'w' }],
  ])('asks again for another %s', async (_what, change) => {
    const pool = inProcessPool([engineOf('one', () => ({ findings: [], parses: true }))]);
    const remembering = rememberAnswers(pool);
    await remembering.run({ engine: 'one', document }, limits);
    await remembering.run({ engine: 'one', document: { ...document, ...change } }, limits);
    expect(pool.asked).toEqual(['one', 'one']);
  });

  test('never remembers a failure', async () => {
    let isBroken = true;
    const pool = inProcessPool([
      engineOf('one', () => {
        if (isBroken) throw new TypeError('no');
        return { findings: [], parses: true };
      }),
    ]);
    const remembering = rememberAnswers(pool);
    expect(await remembering.run({ engine: 'one', document }, limits)).toHaveProperty('error');
    isBroken = false;
    expect(await remembering.run({ engine: 'one', document }, limits)).toHaveProperty('output');
  });

  test('forgets the oldest of many', async () => {
    const pool = inProcessPool([engineOf('one', () => ({ findings: [], parses: true }))]);
    const remembering = rememberAnswers(pool);
    for (let text = 0; text <= 64; text += 1) await remembering.run({ engine: 'one', document: { ...document, text: String(text) } }, limits);
    await remembering.run({ engine: 'one', document: { ...document, text: '64' } }, limits);
    await remembering.run({ engine: 'one', document: { ...document, text: '0' } }, limits);
    expect(pool.asked).toHaveLength(66);
  });

  test('answers nobody who is gone', async () => {
    const remembering = rememberAnswers(inProcessPool([engineOf('one', () => ({ findings: [], parses: true }))]));
    await remembering.run({ engine: 'one', document }, limits);
    await expect(remembering.run({ engine: 'one', document }, { ...limits, signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
  });
});
