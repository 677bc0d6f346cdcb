import { expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { createMockProvider } from '#reviewers/providers/mock.ts';
import type { ModelAnswer } from '#reviewers/providers/provider.ts';

const context = { signal: new AbortController().signal, timeoutMs: 1000 };
const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

function ask(prompt: string, schema?: Readonly<Record<string, unknown>>): Promise<ModelAnswer> {
  return createMockProvider().ask({ instructions: 'Judge.', prompt, ...(schema === undefined ? {} : { schema }) }, context);
}

async function scoreOf(prompt: string): Promise<number> {
  return (JSON.parse((await ask(prompt)).text) as { score: number }).score;
}

test('Without a script it answers in the shape of seed 003 and says that it is a mock', async () => {
  const answer = await ask('A document.');
  expect({ ...answer, text: JSON.parse(answer.text) as unknown }).toEqual({
    text: {
      ready_for_implementation: false, score: 7.7,
      conclusion: 'Mock answer: no model was asked.',
      rationale: 'Mock rationale: the score is drawn from a hash of the text.',
      analysis: { strengths: ['Mock strength'], weaknesses: ['Mock weakness'] },
      recommendations: ['Mock recommendation: ask a real model.'],
      blockers: [],
      technical_notes: 'Mock answer: no model was asked.',
    },
    finish: 'stop', model: 'mock', usage,
  });
});

test('Asked to improve or to draft, it improves nothing and drafts a mock', async () => {
  expect((await ask('Improve it.\n\nNOTHING TO IMPROVE\n')).text).toBe('Mock answer: no model was asked.\n\nNOTHING TO IMPROVE');
  expect(JSON.parse((await ask('Draft it.', { type: 'object', properties: { files: { type: 'array', items: { type: 'object' } } } })).text)).toEqual({
    files: [{ path: '', text: '# Mock draft\n\nMock answer: no model was asked.\n' }],
  });
});

test('The same question has the same answer, another text another score', async () => {
  expect(await ask('same')).toEqual(await ask('same'));
  const scores = await Promise.all(Array.from({ length: 50 }, (_, n) => scoreOf(`text ${n}`)));
  expect(new Set(scores).size).toBeGreaterThan(5);
  expect([Math.min(...scores) >= 7, Math.max(...scores) <= 7.9]).toEqual([true, true]);
});

test('No score is above the lowest ceiling in the text, and none is content without one', async () => {
  for (let n = 0; n < 30; n += 1) {
    expect(await scoreOf(`${n} mock-ceiling: 10 and mock-ceiling: 4.5`)).toBeLessThanOrEqual(4.5);
    expect(await scoreOf(`${n} mock-ceiling: 0`)).toBe(0);
    expect(await scoreOf(`${n} mock-ceiling: 99 mock-ceiling: 7.95 mock-ceiling: 10.`)).toBeLessThan(8);
  }
  expect((await Promise.all(Array.from({ length: 30 }, (_, n) => scoreOf(`${n} mock-ceiling: 10`)))).some((score) => score >= 9.5)).toBe(true);
});

test('With a schema it follows the schema, without findings, and claims no more than its score', async () => {
  const text = { type: 'string' };
  const answer = await ask('A document. mock-ceiling: 9', {
    type: 'object',
    properties: {
      summary: text, severity: { enum: ['low', 'high'] }, version: { const: 1 }, overall_score: { type: 'integer', minimum: 0, maximum: 100 }, score: { type: ['number', 'null'] },
      style_score: { anyOf: [{ type: 'null' }, { type: 'number', maximum: 10 }] }, confidence: { type: 'number', minimum: 0.1, maximum: 1 }, note: { anyOf: [text, { type: 'null' }] }, line: { type: ['integer', 'null'] },
      ready: { type: 'boolean' }, truncated: { type: 'boolean' }, strengths: { type: 'array', items: text }, findings: { type: 'array', items: { type: 'object', properties: {} } }, nested: { type: 'object', properties: { title: text } }, empty: { type: 'object' },
    },
  });
  const { overall_score: of100, score, style_score: style, ...rest } = JSON.parse(answer.text) as Record<string, unknown> & { score: number };
  expect(rest).toEqual({
    summary: 'Mock answer: no model was asked. (summary)', severity: 'low', version: 1, confidence: 0.1, note: null, line: null,
    ready: score >= 8, truncated: false, strengths: ['Mock strengths'], findings: [], nested: { title: 'Mock answer: no model was asked. (title)' }, empty: {},
  });
  expect([of100, style, score >= 8.1 && score <= 9]).toEqual([Math.round(score * 10), score, true]);
});

test('A list of replies is said in turn, the last for ever', async () => {
  const mock = createMockProvider([{ text: 'one' }, { json: { score: 2 }, finish: 'length', usage: { inputTokens: 3, outputTokens: 4, costUsd: null } }]);
  const answers = [];
  for (let n = 0; n < 3; n += 1) answers.push(await mock.ask({ instructions: '', prompt: '' }, context));
  const last = { text: '{"score":2}', finish: 'length', model: 'mock', usage: { inputTokens: 3, outputTokens: 4, costUsd: null } };
  expect(answers).toEqual([{ text: 'one', finish: 'stop', model: 'mock', usage }, last, last]);
});

test('A function sees the question and its number, and may fail', async () => {
  const mock = createMockProvider(({ prompt }, index) => (index === 0 ? { text: prompt } : { error: new AppError('Unavailable', 'PROVIDER_FAILED', 'The mock fails: as it was told.') }));
  expect((await mock.ask({ instructions: '', prompt: 'hello' }, context)).text).toBe('hello');
  await expect(mock.ask({ instructions: '', prompt: 'hello' }, context)).rejects.toMatchObject({ kind: 'Unavailable', code: 'PROVIDER_FAILED' });
});

test("An abort ends it with the signal's own reason, before it begins and while it waits", async () => {
  const reason = new Error('stop');
  await expect(createMockProvider().ask({ instructions: '', prompt: '' }, { signal: AbortSignal.abort(reason), timeoutMs: 1 })).rejects.toBe(reason);
  const controller = new AbortController();
  const asking = createMockProvider([{ delayMs: 60_000 }]).ask({ instructions: '', prompt: '' }, { signal: controller.signal, timeoutMs: 1 });
  controller.abort(reason);
  await expect(asking).rejects.toBe(reason);
});

test('Its facts say that it is a mock', async () => {
  expect(await createMockProvider().facts()).toEqual({ id: 'mock', kind: 'mock', version: null, model: 'mock', login: 'no key needed', jail: null, problem: null });
});
