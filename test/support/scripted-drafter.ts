import { readFileSync } from 'node:fs';
import { createDrafter, type Drafter } from '#reviewers/improving/draft.ts';
import { createMockProvider, type MockReply } from '#reviewers/providers/mock.ts';
import { markerImprover } from './marker-reviewer.ts';
import type { Improver } from '#reviewers/reviewer.ts';

const template = readFileSync(new URL('../../prompts/draft.md', import.meta.url), 'utf8');

/** What each answer of a scripted drafter cost, in tokens of both kinds. */
export const draftUsage = { inputTokens: 100, outputTokens: 20, costUsd: 0.25 };

/** The answer of a model that writes these files, path and text by turns. */
export function files(...some: readonly (readonly [path: string, text: string])[]): MockReply {
  return { json: { files: some.map(([path, text]) => ({ path, text })) }, usage: draftUsage };
}

/** The real drafter over a model that a test answers for: a function of the prompt. What it costs is told as it is paid. */
export function scriptedDrafter(id: string, reply: (prompt: string) => MockReply): Drafter {
  const mock = createMockProvider(({ prompt }) => reply(prompt));
  const provider: typeof mock = {
    ...mock,
    id,
    ask: async (request, context) => {
      const answer = await mock.ask(request, context);
      context.spend?.({ inputTokens: answer.usage.inputTokens ?? 0, outputTokens: answer.usage.outputTokens ?? 0, costUsd: answer.usage.costUsd });
      return answer;
    },
  };
  return createDrafter({ provider, version: '1', queue: 'llm', prompts: { draft: template } });
}

/** The improver of the same id, which takes out one marked line at a time. */
export function modelImprover(id: string): Improver {
  return { ...markerImprover(id), queue: 'llm', asksModel: true, isPriced: true };
}
