import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError } from '#domain/errors.ts';
import type { Finish, ModelAnswer, ModelProvider, ModelRequest, ModelUsage } from './provider.ts';

/** What the mock does with one question; without a field it answers of its own accord at once. */
export interface MockReply {
  readonly text?: string;
  /** The same as JSON. */
  readonly json?: unknown;
  readonly finish?: Finish;
  readonly usage?: ModelUsage;
  readonly error?: AppError;
  readonly delayMs?: number;
}

/** Replies in turn, the last for ever; or whatever a function says of the question and its number from 0. */
export type MockScript = readonly MockReply[] | ((request: ModelRequest, index: number) => MockReply);

/** Seed 003 is content from 8.0 on: of its own accord the mock is never. */
const usualCeiling = 7.9;
const notice = 'Mock answer: no model was asked.';
const free: ModelUsage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/**
 * A provider that asks nobody (USE_MOCK_EVALUATOR) and says so in every answer of its own: model 'mock', every sentence begins with "Mock".
 *
 * Out     without a script, the same answer for the same question: an object that follows the schema, or seed 003's without one.
 *         Its score, 0–10 or 0–100 where the schema's maximum says so, is drawn from a hash and stays at or below the lowest
 *         `mock-ceiling: N` (0–10) in the prompt, 7.9 where there is none; `ready…` is whether it reaches 8 of 10
 */
export function createMockProvider(script: MockScript = []): ModelProvider {
  let asked = 0;
  return {
    id: 'mock',
    kind: 'mock',
    async ask(request, { signal }) {
      signal.throwIfAborted();
      const reply = replyOf(script, request, asked);
      asked += 1;
      if (reply.delayMs !== undefined) await sleep(reply.delayMs, undefined, { signal }).catch(() => { throw signal.reason; });
      if (reply.error !== undefined) throw reply.error;
      return answerOf(reply, request);
    },
    facts: () => Promise.resolve({ id: 'mock', kind: 'mock', version: null, model: 'mock', login: 'no key needed', jail: null, problem: null }),
  };
}

function replyOf(script: MockScript, request: ModelRequest, index: number): MockReply {
  return typeof script === 'function' ? script(request, index) : (script[Math.min(index, script.length - 1)] ?? {});
}

function answerOf({ text, json, finish = 'stop', usage = free }: MockReply, request: ModelRequest): ModelAnswer {
  return { text: text ?? (json === undefined ? ownText(request) : JSON.stringify(json)), finish, model: 'mock', usage };
}

// Of its own accord it improves nothing, and drafts what nobody takes for more than it is.
function ownText(request: ModelRequest): string {
  if (request.schema === undefined && request.prompt.includes('\nNOTHING TO IMPROVE\n')) return `${notice}\n\nNOTHING TO IMPROVE`;
  const asksForFiles = Object.hasOwn(Object(request.schema?.['properties']), 'files');
  return JSON.stringify(asksForFiles ? { files: [{ path: '', text: `# Mock draft\n\n${notice}\n` }] } : ownAnswer(request));
}

function ownAnswer({ instructions, prompt, schema }: ModelRequest): unknown {
  const score = scoreOf(instructions, prompt);
  return schema === undefined ? seedAnswer(score) : withNonce(valueFor(schema, 'answer', score), prompt);
}

// A question of ours asks for its nonce back.
function withNonce(answer: unknown, prompt: string): unknown {
  const nonce = /\bnonce: the word ([0-9a-f]{16})\b/.exec(prompt)?.[1];
  return nonce !== undefined && typeof answer === 'object' && answer !== null && 'nonce' in answer ? { ...answer, nonce } : answer;
}

function scoreOf(instructions: string, prompt: string): number {
  const ceilings = [...prompt.matchAll(/\bmock-ceiling: (\d{1,2}(?:\.\d)?)(?![\d.])/g)].map((match) => Number(match[1])).filter((ceiling) => ceiling <= 10);
  const ceiling = ceilings.length === 0 ? usualCeiling : Math.min(...ceilings);
  const tenths = createHash('sha256').update(`${instructions}\0${prompt}`).digest().readUInt8(0) % 10;
  return Math.max(0, Math.round(ceiling * 10) - tenths) / 10;
}

// The shape seed 003 shows, so that its parser and ours have something to read.
function seedAnswer(score: number): Readonly<Record<string, unknown>> {
  return {
    ready_for_implementation: score >= 8,
    score,
    conclusion: notice,
    rationale: 'Mock rationale: the score is drawn from a hash of the text.',
    analysis: { strengths: ['Mock strength'], weaknesses: ['Mock weakness'] },
    recommendations: ['Mock recommendation: ask a real model.'],
    blockers: [],
    technical_notes: notice,
  };
}

type Schema = Readonly<Record<string, unknown>>;

// Just enough of JSON Schema for what strict modes take; lists of objects stay empty, since a finding must quote the text.
function valueFor(schema: Schema, name: string, score: number): unknown {
  if ('const' in schema) return schema['const'];
  const choices = schema['enum'];
  if (Array.isArray(choices)) return choices[0];
  const branches = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(branches)) return valueFor((branches.find((branch) => isOf(branch, 'null') !== isScore(name)) ?? branches[0]) as Schema, name, score);
  return valueOfType(schema, name, score);
}

function valueOfType(schema: Schema, name: string, score: number): unknown {
  const types = [schema['type']].flat();
  if (types.includes('null') && !isScore(name)) return null;
  if (types.includes('boolean')) return name.includes('ready') && score >= 8;
  if (types.includes('integer')) return Math.floor(numberFor(schema, name, score));
  if (types.includes('number')) return numberFor(schema, name, score);
  if (types.includes('array')) return isOf(schema['items'], 'string') ? [`Mock ${name}`] : [];
  return types.includes('object') ? objectFor(schema, score) : `${notice} (${name})`;
}

function objectFor({ properties = {} }: Schema, score: number): unknown {
  return Object.fromEntries(Object.entries(properties as Readonly<Record<string, Schema>>).map(([name, part]) => [name, valueFor(part, name, score)]));
}

// A number that is no score is the least that may be.
function numberFor({ minimum, maximum }: Schema, name: string, score: number): number {
  const least = typeof minimum === 'number' ? minimum : 0;
  if (!isScore(name)) return least;
  const scaled = maximum === 100 ? Math.round(score * 10) : score;
  return Math.min(Math.max(scaled, least), typeof maximum === 'number' ? maximum : scaled);
}

function isScore(name: string): boolean {
  return name.includes('score');
}

function isOf(schema: unknown, type: string): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === type;
}
