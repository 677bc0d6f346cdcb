import { readFileSync } from 'node:fs';
import { createDrafter, type Drafter } from '#reviewers/improving/draft.ts';
import { createMockProvider, type MockReply } from '#reviewers/providers/mock.ts';
import type { Improver } from '#reviewers/reviewer.ts';
import { markerImprover } from './marker-reviewer.ts';

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

/** Answers to drafts by a word of the task, so that the runs of one file of tests do not meet. */
export interface AnswerBook {
  /** Sets what is answered in turn, the last for ever, and gives the task that asks for it. */
  answer(word: string, ...replies: MockReply[]): string;
  /** How often it was asked for. */
  asked(word: string): number;
  reply(prompt: string): MockReply;
}

export function answerBook(): AnswerBook {
  const answers = new Map<string, { readonly replies: readonly MockReply[]; asked: number; used: number }>();
  const taskOf = (word: string): string => `Write about ${word}.`;
  return {
    answer: (word, ...replies) => {
      answers.set(word, { replies, asked: answers.get(word)?.asked ?? 0, used: 0 });
      return taskOf(word);
    },
    asked: (word) => answers.get(word)?.asked ?? 0,
    reply: (prompt) => {
      const [, entry] = [...answers].find(([word]) => prompt.includes(taskOf(word))) ?? [];
      if (entry === undefined) throw new Error('nobody set an answer for this task');
      entry.asked += 1;
      entry.used += 1;
      return entry.replies[Math.min(entry.used, entry.replies.length) - 1] ?? {};
    },
  };
}
