import { hiddenMark } from '#reviewers/providers/redact-values.ts';

/**
 * Whether a text that a model wrote holds a mark which the texts it was made from do not hold: a secret of the worker's stood there.
 * The mark is no part of anybody's file, and the secret even less.
 */
export function bringsHiddenValue(written: string, given: string): boolean {
  return marksIn(written) > marksIn(given);
}

/** For the model. */
export const hiddenValueReason = `It held a secret of the machine it was written on, of which only ${hiddenMark} is left. Write no keys, tokens or passwords, nor that word.`;

function marksIn(text: string): number {
  return text.split(hiddenMark).length - 1;
}
