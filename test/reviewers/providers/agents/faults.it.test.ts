import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedAgent } from '#test/support/agents.ts';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';
import type { Reply } from '#test/support/fake-model/script.ts';
import { makeScratch } from '#test/support/scratch.ts';
import { realAgent } from './real-agents.ts';

const words = { text: 'one two three four five six seven eight nine ten eleven twelve', unitsPerEvent: 4 };
interface FaultCase {
  readonly name: string;
  readonly reply: Reply;
  readonly expected: string;
  /** At most; 1 where absent. */
  readonly requests?: number;
}

const faults: readonly FaultCase[] = [
  { name: 'HTTP 429 with Retry-After', reply: { status: 429, headers: { 'retry-after': '7' } }, expected: 'Unavailable PROVIDER_RATE_LIMITED' },
  { name: 'a used up quota', reply: { status: 429, message: 'You exceeded your current quota', code: 'insufficient_quota' }, expected: 'Misconfigured PROVIDER_QUOTA' },
  { name: 'HTTP 401', reply: { status: 401 }, expected: 'Misconfigured PROVIDER_UNAUTHORIZED' },
  { name: 'HTTP 403', reply: { status: 403 }, expected: 'Misconfigured PROVIDER_UNAUTHORIZED' },
  { name: 'HTTP 404', reply: { status: 404, message: 'The model does not exist' }, expected: 'Misconfigured PROVIDER_MODEL_UNKNOWN', requests: 2 },
  { name: 'HTTP 500', reply: { status: 500 }, expected: 'Unavailable PROVIDER_FAILED' },
  { name: 'HTTP 503', reply: { status: 503 }, expected: 'Unavailable PROVIDER_FAILED' },
  { name: 'HTTP 529', reply: { status: 529 }, expected: 'Unavailable PROVIDER_FAILED' },
  { name: 'a stream cut before its first event', reply: { ...words, cutAfter: 0 }, expected: 'Unavailable PROVIDER_CUT_OFF' },
  { name: 'a stream cut in its middle', reply: { ...words, cutAfter: 5 }, expected: 'Unavailable PROVIDER_CUT_OFF' },
  { name: 'a stream cut before its last event', reply: { ...words, cutAfter: 14 }, expected: 'Unavailable PROVIDER_CUT_OFF', requests: 2 },
  { name: 'a page instead of an answer', reply: { raw: '<html>Bad gateway</html>' }, expected: 'Unavailable PROVIDER_CUT_OFF' },
  { name: 'nothing', reply: { text: '' }, expected: 'UnreadableOutput PROVIDER_ANSWER_MISSING', requests: 3 },
  { name: 'a refusal', reply: { text: 'I will not.', finish: 'refusal' }, expected: 'Refused PROVIDER_REFUSED', requests: 2 },
  {
    name: 'too long a prompt',
    reply: { status: 400, message: 'prompt is too long: the input token count exceeds the maximum context length', code: 'context_length_exceeded' },
    expected: 'InvalidInput PROVIDER_PROMPT_TOO_LONG',
  },
];

describe.each(['codex', 'claude', 'gemini'] as const)('the real %s whose model gives', (id) => {
  const it = test.skipIf(installedAgent(id) === null);
  const scratch = makeScratch(`fault-${id}`);
  let model: FakeModel;
  beforeAll(async () => { model = await startFakeModel(); });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  it.each(faults)('$name says so, in our own words, and does not try again by itself', async ({ reply, expected, requests = 1 }) => {
    model.follow(reply);
    const before = model.requests.length;
    const { code, message } = await realAgent(id, model, scratch).outcome();
    expect({ code, quotesModel: message.includes('scripted') || message.includes('seven') }).toEqual({ code: expected, quotesModel: false });
    expect(model.requests.length - before).toBeLessThanOrEqual(requests);
  });

  it('an answer that reached a token limit says so', async () => {
    model.follow({ text: '{"score": 9', finish: 'length' });
    const { finish, text, usage } = await realAgent(id, model, scratch).ask();
    expect([finish, text]).toEqual(['length', id === 'claude' ? '' : '{"score": 9']);
    // Claude asks four times before it gives up; Codex does not tell, so it is guessed.
    expect([usage.inputTokens, usage.outputTokens]).toEqual({ codex: [9, 3], claude: [400, 80], gemini: [100, 20] }[id]);
  });

  it('prose is handed on as it is, and JSON of another form never as if it followed the schema', async () => {
    model.follow([{ text: 'Score: 9 of 10' }, { text: 'Score: 9 of 10' }, { json: { score: 'high' } }]);
    const agent = realAgent(id, model, scratch);
    expect((await agent.ask()).text).toBe('Score: 9 of 10');
    model.follow({ json: { score: 'high' } });
    const outcome = await agent.outcome();
    if (id === 'claude') expect(outcome.code).toBe('UnreadableOutput PROVIDER_ANSWER_INVALID');
    else expect(JSON.parse(outcome.message)).toMatchObject({ text: '{"score":"high"}' });
  });

  it('a text that repeats itself is handed on whole', async () => {
    const text = '| a | b |\n'.repeat(400);
    model.follow({ text, unitsPerEvent: 10 });
    expect((await realAgent(id, model, scratch).ask({ schema: undefined as never })).text.trim()).toBe(text.trim());
  });

  it('an answer of 2 MB comes through whole', async () => {
    const text = randomBytes(1_000_000).toString('hex');
    model.follow({ text, unitsPerEvent: 50_000 });
    expect((await realAgent(id, model, scratch).ask({ schema: undefined as never })).text === text).toBe(true);
  });

  it('an answer larger than can be read is an error', async () => {
    model.follow({ text: randomBytes(4_000_001).toString('hex'), unitsPerEvent: 400_000 });
    expect((await realAgent(id, model, scratch).outcome({ schema: undefined as never })).code).toBe('UnreadableOutput PROVIDER_OUTPUT_TOO_LARGE');
  });
});
