import { AppError } from '#domain/errors.ts';
import { errorOf, wordsOf } from './complaints.ts';
import type { Callee } from './endpoint.ts';
import { malformed } from './transport.ts';

/** Errors of the libraries by their names, which they promise to keep. */
const unfinishedNames = new Set(['AI_NoOutputGeneratedError', 'AI_InvalidResponseDataError']);
const ownMistakes = new Set(['AI_InvalidArgumentError', 'AI_InvalidPromptError', 'AI_UnsupportedFunctionalityError', 'AI_UnsupportedModelVersionError', 'AI_LoadAPIKeyError', 'AI_LoadSettingError']);

/** Whatever a library threw or sent along a stream, as an error of ours; nothing of the original is kept, since it quotes the request. */
export function failureOf(error: unknown, callee: Callee): AppError {
  const own = ownErrorIn(error);
  if (own !== undefined) return own;
  const name = error instanceof Error ? error.name : '';
  if (unfinishedNames.has(name)) return unfinished(callee);
  if (ownMistakes.has(name)) return new AppError('Bug', 'PROVIDER_CALL', `The request to ${callee.id} could not be put together (${name}): report this.`);
  return complaintIn(error, callee) ?? malformed(callee);
}

export function unfinished({ id }: Callee): AppError {
  return new AppError('UnreadableOutput', 'PROVIDER_ANSWER_UNFINISHED', `${id} ended its answer without saying that it is complete: try again.`);
}

// The transport's errors come back wrapped, sometimes twice.
function ownErrorIn(error: unknown): AppError | undefined {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if (current instanceof AppError) return current;
    current = current.cause;
  }
  return undefined;
}

// Errors sent as events: the libraries give each a status, and the vendor's own words in `data`. An error without is a library at a loss.
function complaintIn(error: unknown, callee: Callee): AppError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const words = `${error.message.slice(0, 1000)} ${wordsOf('data' in error ? error.data : null)}`;
  return errorOf({ status: statusOf(error.statusCode), words }, callee);
}

function statusOf(value: unknown): number | null {
  const number = Number(value);
  return Number.isInteger(number) && number >= 400 && number < 600 ? number : null;
}
