import type { AskContext, ModelAnswer, ModelProvider, ModelRequest } from '#reviewers/providers/provider.ts';
import type { ReviewInput } from '#reviewers/reviewer.ts';
import { loadReviewPrompts } from '#reviewers/judging/review-prompts.ts';
import { createModelReviewer, type ModelReviewerSetup } from '#reviewers/judging/model-reviewer.ts';

/** What a scripted model says to one question: text, parts of an answer, an error, or what a function makes of the question. */
export type Said = string | Partial<ModelAnswer> | Error | ((request: ModelRequest) => string);

export interface ScriptedJudge extends ModelProvider {
  readonly asked: { readonly request: ModelRequest; readonly context: AskContext }[];
  readonly forgotten: ModelRequest[];
}

/** A provider that says what its script says, in turn. */
export function scriptedJudge(...script: Said[]): ScriptedJudge {
  const asked: ScriptedJudge['asked'] = [];
  const forgotten: ModelRequest[] = [];
  return {
    id: 'scripted',
    kind: 'mock',
    asked,
    forgotten,
    ask: (request, context) => {
      const said = script[asked.length];
      asked.push({ request, context });
      if (said === undefined) return Promise.reject(new Error(`the script has no answer ${asked.length}`));
      if (said instanceof Error) return Promise.reject(said);
      const parts = typeof said === 'function' ? { text: said(request) } : typeof said === 'string' ? { text: said } : said;
      return Promise.resolve({ text: '', finish: 'stop', model: 'scripted-1', usage: { inputTokens: 100, outputTokens: 20, costUsd: 0.25 }, ...parts });
    },
    forget: (request) => Promise.resolve(void forgotten.push(request)),
    facts: () => Promise.resolve({ id: 'scripted', kind: 'mock', version: '1', model: 'scripted-1', login: null, jail: null, problem: null }),
  };
}

/** The nonce that a question wants back. */
export function nonceIn({ prompt }: ModelRequest): string {
  return /- nonce: the word ([0-9a-f]{16})/.exec(prompt)?.[1] ?? 'none';
}

const marks = { syntax: 9, logic: 7, performance: 8, security: 8.5 };

/** A whole answer to the question, with these fields in the place of harmless ones. */
export function answerWith(fields: Readonly<Record<string, unknown>> = {}): (request: ModelRequest) => string {
  return (request) =>
    JSON.stringify({
      nonce: nonceIn(request),
      criteria: Object.fromEntries(Object.entries(marks).map(([name, score]) => [name, { score, reason: 'so it is' }])),
      findings: [],
      strengths: [],
      weaknesses: [],
      recommendations: [],
      technical_notes: '',
      conclusion: 'Fine.',
      rationale: 'Read twice.',
      score: 8,
      ready: true,
      ...fields,
    });
}

export function inputWith(fields: Partial<ReviewInput> = {}): ReviewInput {
  return { name: 'docs/plan.md', language: 'markdown', kind: 'document', text: '# Plan\n\nWe copy the database at night.\n', requested: ['syntax', 'logic', 'performance', 'security'], ...fields };
}

export const { prompts } = loadReviewPrompts();

export function reviewWith(provider: ModelProvider, input: ReviewInput = inputWith(), setup: Partial<ModelReviewerSetup> = {}) {
  const reviewer = createModelReviewer({ provider, version: '1', queue: 'llm', mode: 'flexible', prompts, ...setup });
  return reviewer.review(input, { signal: new AbortController().signal, timeoutMs: 60_000 });
}
