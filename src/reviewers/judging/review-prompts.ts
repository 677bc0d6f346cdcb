import { AppError } from '#domain/errors.ts';
import { readNamedFile } from '#io/named-files.ts';
import { readOwnFile } from '#io/own-files.ts';
import { toTemplate, variablesOf, type PromptTemplate } from './prompt-template.ts';

/** What models are asked for a review, by what is reviewed. */
export interface ReviewPrompts {
  /** For code and settings files. */
  readonly code: PromptTemplate;
  readonly document: PromptTemplate;
  /** For a document that is judged on whether it can be implemented (seed 003). */
  readonly evaluate: PromptTemplate;
}

export interface LoadedPrompts {
  readonly prompts: ReviewPrompts;
  /** For people: what was asked for and is not used. */
  readonly warnings: readonly string[];
}

/** A prompt of several hundred kilobytes is some other file. */
const maxPromptBytes = 256_000;

/**
 * The prompts of this package, or the user's own for evaluation.
 *
 * In      evaluationPromptPath  absolute (EVALUATION_PROMPT_PATH); a file that cannot be read is warned of and not used (seed 003)
 * Fails   Misconfigured PROMPT_INVALID: the user's prompt does not hold {{document_content}}
 */
export function loadReviewPrompts({ evaluationPromptPath }: { readonly evaluationPromptPath?: string } = {}): LoadedPrompts {
  const builtIn = { code: ownPrompt('review-code'), document: ownPrompt('review-document'), evaluate: ownPrompt('evaluate') };
  if (evaluationPromptPath === undefined) return { prompts: builtIn, warnings: [] };
  const file = readable(evaluationPromptPath);
  if (file === null) return { prompts: builtIn, warnings: [`EVALUATION_PROMPT_PATH names ${evaluationPromptPath}, which cannot be read as text of at most ${maxPromptBytes} bytes. The built-in prompt is used.`] };
  const evaluate = toTemplate(evaluationPromptPath, file);
  if (!variablesOf(evaluate).has('document_content')) throw new AppError('Misconfigured', 'PROMPT_INVALID', `The prompt ${evaluationPromptPath} does not hold {{document_content}}. Put it where the document is to stand.`);
  return { prompts: { ...builtIn, evaluate }, warnings: [] };
}

function ownPrompt(name: string): PromptTemplate {
  const place = `prompts/${name}.md`;
  return toTemplate(place, readOwnFile(place));
}

function readable(file: string): string | null {
  try {
    const text = readNamedFile(file, maxPromptBytes);
    return text.trim() === '' || text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
