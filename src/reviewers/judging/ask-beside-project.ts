import { AppError } from '#domain/errors.ts';
import type { ReviewInput, WorkContext } from '#reviewers/reviewer.ts';
import { askUntilRead, type Asking, type ReadAnswer } from './ask-until-read.ts';
import type { PromptTemplate } from './prompt-template.ts';
import { reviewQuestion, type ReviewQuestion } from './review-question.ts';

export interface Asked {
  readonly question: ReviewQuestion;
  readonly answer: ReadAnswer;
  /** For people: what the model was not shown. */
  readonly warnings: readonly string[];
}

/** The question about one revision; files of the project that a model has no room for are left out rather than the review. Fails as `askUntilRead`. */
export async function askBesideProject(asking: Asking, { template, input }: { readonly template: PromptTemplate; readonly input: ReviewInput }, context: WorkContext): Promise<Asked> {
  const { context: files = [], ...alone } = input;
  const question = reviewQuestion(template, input);
  try {
    return { question, answer: await askUntilRead(asking, question, context), warnings: [] };
  } catch (error) {
    if (files.length === 0 || !isTooLong(error)) throw error;
    const shorter = reviewQuestion(template, alone);
    const warning = `${asking.provider.id} has no room for the files of the project and was asked without them. Lower llm.context_tokens, or choose a model with a larger context.`;
    return { question: shorter, answer: await askUntilRead(asking, shorter, context), warnings: [warning] };
  }
}

/** Whether a provider found the question too long. */
export function isTooLong(error: unknown): boolean {
  return error instanceof AppError && error.code === 'PROVIDER_PROMPT_TOO_LONG';
}
