import { AppError } from '#domain/errors.ts';

/** A file of another program that cannot be understood is left to its owner. */
export function brokenFile(name: string, what: string): AppError {
  return new AppError('InvalidInput', 'FILE_BROKEN', `${name} ${what}; it was left as it is. Repair it, or put the entry in by hand: --print shows it.`);
}

/** What was written would not say the same as before: better nothing is written. */
export function lostSomething(name: string): AppError {
  return new AppError('InvalidInput', 'FILE_UNEXPECTED', `${name} has a form that the entry cannot be put into without changing more; it was left as it is. Put it in by hand: --print shows it.`);
}
