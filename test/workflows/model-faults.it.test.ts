import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Progress } from '#domain/loop/progress.ts';
import type { Report } from '#domain/report.ts';
import { createModelParts } from '#reviewers/model-parts.ts';
import type { AnswerMemory, KeptAnswer } from '#reviewers/providers/paid-provider.ts';
import { createProviders } from '#reviewers/providers/create-providers.ts';
import { installedAgent, jailTools } from '../support/agents.ts';
import { startFakeModel, type FakeModel } from '../support/fake-model/fake-model.ts';
import type { Asked, Reply } from '../support/fake-model/script.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { markerImprover } from '../support/marker-reviewer.ts';
import { makeScratch } from '../support/scratch.ts';

type WireReport = SnakeKeys<Report>;
type WireProgress = SnakeKeys<Progress>;

const criteria = Object.fromEntries(['syntax', 'logic', 'performance', 'security'].map((name) => [name, { score: 9, reason: 'As it says.' }]));

const nonceOf = ({ body }: Asked): string => /nonce: the word ([0-9a-f]{16})/.exec(body)?.[1] ?? '';
const said = (asked: Asked, ...objects: string[]): Reply => ({ text: objects.map((fields) => `{"nonce":"${nonceOf(asked)}",${fields}}`).join('\n\n') });

function good(asked: Asked, words: object = {}): Reply {
  return { json: { nonce: nonceOf(asked), findings: [], criteria, strengths: ['"It answers within 200 ms" is exact.'], weaknesses: [], recommendations: [], technical_notes: '', conclusion: 'Good.', rationale: 'Exact.', score: 9, ready: true, ...words } };
}

interface Fault {
  /** As in the plan of faults. */
  readonly id: string;
  readonly name: string;
  /** Answers in turn, the last for ever; 'good' is a right one. */
  readonly answers: readonly (Reply | 'good' | ((asked: Asked) => Reply))[];
  readonly request?: object;
  /** What becomes of the run; what a parked one waits for holds these words. */
  readonly end: { readonly outcome: string } | { readonly parked: string } | { readonly failed: string };
  readonly requests: number;
  /** The least time between the first two requests. */
  readonly waitsMs?: number;
  readonly waitsMsOfAgents?: number;
  /** Whether the model saw the last question given up. */
  readonly aborted?: boolean;
}

const passed = { outcome: 'target_reached' };
const unreadable = (reply: Fault['answers'][number], why: string): Omit<Fault, 'id' | 'name'> => ({ answers: [reply], end: { parked: why }, requests: 2 });
/** What a cut answer holds must never count. */
const tempting = (asked: Asked): Reply => ({ ...good(asked, { score: 10, conclusion: 'PARTIAL' }), unitsPerEvent: 20 });

const faults: readonly Fault[] = [
  { id: 'F18', name: '429 with Retry-After, then an answer', answers: [{ status: 429, headers: { 'retry-after': '5' } }, 'good'], end: passed, requests: 2, waitsMs: 5_000, waitsMsOfAgents: 2_000 },
  { id: 'F19', name: '429 for ever', answers: [{ status: 429 }], end: { parked: 'often' }, requests: 3, waitsMs: 2_000 },
  { id: 'F20', name: '401', answers: [{ status: 401 }], end: { failed: 'PROVIDER_UNAUTHORIZED' }, requests: 1 },
  { id: 'F20', name: '403', answers: [{ status: 403 }], end: { failed: 'PROVIDER_UNAUTHORIZED' }, requests: 1 },
  { id: 'F21', name: '500 and 503, then an answer', answers: [{ status: 500 }, { status: 503 }, 'good'], end: passed, requests: 3, waitsMs: 2_000 },
  { id: 'F21', name: '529, then an answer', answers: [{ status: 529 }, 'good'], end: passed, requests: 2 },
  { id: 'F22', name: 'a stream cut before its first event, then an answer', answers: [(asked) => ({ ...tempting(asked), cutAfter: 0 }), 'good'], end: passed, requests: 2 },
  { id: 'F22', name: 'a stream cut late, then an answer', answers: [(asked) => ({ ...tempting(asked), cutAfter: 20 }), 'good'], end: passed, requests: 2 },
  { id: 'F23', name: 'silence before the headers', answers: [{ silentAfter: 'start' }], request: { iteration_timeout_ms: 9_000 }, end: { outcome: 'timed_out' }, requests: 1, aborted: true },
  { id: 'F23', name: 'silence after the headers', answers: [{ silentAfter: 0 }], request: { iteration_timeout_ms: 9_000 }, end: { outcome: 'timed_out' }, requests: 1, aborted: true },
  { id: 'F23', name: 'silence in the middle', answers: [(asked) => ({ ...tempting(asked), silentAfter: 9 })], request: { iteration_timeout_ms: 9_000 }, end: { outcome: 'timed_out' }, requests: 1, aborted: true },
  { id: 'F24', name: 'an event a second', answers: [(asked) => ({ ...tempting(asked), eventDelayMs: 1_000 })], request: { iteration_timeout_ms: 9_000 }, end: { outcome: 'timed_out' }, requests: 1, aborted: true },
  { id: 'F25', name: 'prose without a score', ...unreadable({ text: 'It looks fine to me, well done.' }, 'no score that can be read') },
  { id: 'F25', name: 'half a JSON', ...unreadable({ text: '{"score": 9, "ready": true, "conclusion": "go' }, 'cut off before its end') },
  { id: 'F25', name: 'two JSON objects', ...unreadable((asked) => said(asked, '"score":3,"ready":false', '"score":9,"ready":true'), 'contradicted itself') },
  { id: 'F25', name: 'wrong types', ...unreadable((asked) => said(asked, '"score":"high","ready":"perhaps"'), 'no score that can be read') },
  { id: 'F25', name: 'a score out of range', ...unreadable((asked) => said(asked, '"score":1e999,"ready":true'), 'not between 0 and 10') },
  { id: 'F25', name: 'an answer cut at the token limit', ...unreadable({ text: '{"score": 9, "ready": tr', finish: 'length' }, 'cut off before its end') },
  { id: 'F25', name: 'NUL characters', ...unreadable({ text: '\u0000\u0000score\u0000' }, 'no score that can be read') },
  { id: 'F25', name: 'prose, then an answer', answers: [{ text: 'It looks fine.' }, 'good'], end: passed, requests: 2 },
  { id: 'F25', name: 'a refusal', answers: [{ text: 'I will not.', finish: 'refusal' }], end: { parked: 'PROVIDER_REFUSED' }, requests: 1 },
  { id: 'F26', name: 'too long a prompt', answers: [{ status: 400, message: 'prompt is too long: maximum context length', code: 'context_length_exceeded' }], end: { failed: 'PROVIDER_PROMPT_TOO_LONG' }, requests: 1 },
];

const agent = installedAgent('codex');
const judges = agent === null ? (['local'] as const) : (['local', 'codex'] as const);
const scratch = makeScratch('model-faults');
let harness: Harness;
let model: FakeModel;

function memoryOf(): AnswerMemory {
  const kept = new Map<string, KeptAnswer>();
  return { getAnswer: async (key) => kept.get(key) ?? null, putAnswer: async (answer) => void kept.set(answer.key, answer), forgetAnswer: async (key) => void kept.delete(key), spentSince: async () => ({ usd: 0, tokens: 0 }) };
}

const nameOf = (judge: string, index: number): string => `plan-${judge}-${index}x.md`;

// All runs go on at once: which fault a question is to meet is told by the name of the document.
function reply(asked: Asked): Reply {
  const [name, index] = /plan-\w+-(\d+)x\.md/.exec(asked.body) ?? [];
  if (name === undefined) return {};
  const { answers } = faults[Number(index)]!;
  const answer = answers[Math.min(asksFor(name).length - 1, answers.length - 1)]!;
  if (answer === 'good') return good(asked);
  return typeof answer === 'function' ? answer(asked) : answer;
}

const asksFor = (name: string): Asked[] => model.requests.filter(({ body }) => body.includes(name));
const running = new Map<string, WorkflowHandle>();

beforeAll(async () => {
  model = await startFakeModel({ script: reply });
  const settings = { providers: { local: { baseUrl: `${model.url}/v1` }, ...(agent === null ? {} : { codex: { executable: agent } }) }, models: { local: { provider: 'local', model: 'fake' } } };
  const environment = { PATH: jailTools(), HOME: scratch.outside, CODEX_API_KEY: 'sk-test-not-a-key-1', OPENAI_BASE_URL: `${model.url}/v1`, HTTPS_PROXY: model.url, NO_PROXY: '127.0.0.1' };
  const entries = createProviders({ settings, environment, scratchRoot: scratch.root, useMock: false }).filter(({ provider }) => judges.some((id) => id === provider.id));
  // Each run has a provider of its own: the breaker would see the faults of all others.
  const parts = (id: string): ReturnType<typeof createModelParts>['reviewers'][number] => createModelParts(entries.filter(({ provider }) => provider.id === id), { memory: memoryOf(), prices: {}, dayBudget: {}, mode: 'flexible', redact: (text) => text }).reviewers[0]!;
  const reviewers = judges.flatMap((id) => faults.map((_, index) => ({ ...parts(id), id: `${id}${index}` })));
  harness = await startHarness({ reviewers, improvers: [markerImprover('marker')], heartbeatTimeoutMs: 10_000 });
  for (const judge of judges) {
    for (const [index, { request }] of faults.entries()) {
      const name = nameOf(judge, index);
      harness.write(name, '# Plan\n\nIt answers within 200 ms.\n');
      running.set(name, await harness.start({ artifact: { path: name }, reviewers: [`${judge}${index}`], improver: 'marker', max_iterations: 1, target_score: 85, ...request }));
    }
  }
});

afterAll(async () => {
  await Promise.allSettled([...running.values()].map((handle) => handle.terminate()));
  await harness.stop();
  await model.close();
  scratch.remove();
});

/** What the run came to; a run that is parked stays so. */
async function endOf(handle: WorkflowHandle): Promise<Fault['end'] & { readonly report?: WireReport }> {
  for (;;) {
    const description = await handle.describe();
    if (description.status.name === 'COMPLETED') {
      const report = (await handle.result()) as WireReport;
      return { outcome: String(report.outcome), report };
    }
    if (description.status.name === 'FAILED') return { failed: await failureOf(handle) };
    const progress = await handle.query<WireProgress>('progress');
    if (progress.state === 'parked') return { parked: progress.waiting_for ?? '' };
    await sleep(200);
  }
}

async function failureOf(handle: WorkflowHandle): Promise<string> {
  const error = await handle.result().then(() => null, (thrown: { cause?: { details?: { code?: string }[]; message?: string } }) => thrown);
  return String(error?.cause?.details?.[0]?.code);
}

describe.each(judges)('a run judged by %s', (judge) => {
  test.each(faults.map((fault, index) => [fault.id, fault.name, fault, index] as const))('%s: %s', async (_id, _name, fault, index) => {
    const name = nameOf(judge, index);
    const { report, ...end } = await endOf(running.get(name)!);
    const asked = asksFor(name);
    if ('parked' in fault.end) expect(end).toEqual({ parked: expect.stringContaining(fault.end.parked) });
    else expect(end).toEqual(fault.end);
    expect(asked.length).toBe(fault.requests);
    const wait = judge === 'local' ? fault.waitsMs : (fault.waitsMsOfAgents ?? fault.waitsMs);
    if (wait !== undefined) expect(asked[1]!.at - asked[0]!.at).toBeGreaterThanOrEqual(wait);
    if (fault.aborted === true) await expect.poll(() => asked[0]!.aborted, { timeout: 5_000 }).toBe(true);
    if (fault.end === passed) expect(report).toMatchObject({ final_score: 95, evaluation: { conclusion: 'Good.', model_score: 9 } });
    if ('outcome' in fault.end && fault.end !== passed) expect(report).toMatchObject({ ready: false, final_score: null, reviewers: [] });
    expect(JSON.stringify(report ?? end)).not.toContain('PARTIAL');
  });
});

test('A model whose runs are all over or parked is asked nothing more', async () => {
  const before = model.requests.length;
  await sleep(1_500);
  expect([model.requests.length, before]).toEqual(Array.from({ length: 2 }, () => judges.length * faults.reduce((sum, { requests }) => sum + requests, 0)));
});
