import type { z } from 'zod';
import { AppError } from '#domain/errors.ts';

/** At most so many problems are told at once. */
const toldProblems = 3;

/** Checks untrusted input against a schema; what is wrong is told by field, never with the value. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const told = result.error.issues.slice(0, toldProblems).map(describeIssue);
  throw new AppError('InvalidInput', 'INPUT_INVALID', `${what} is not valid: ${told.join('; ')}.`);
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  if (issue.code === 'unrecognized_keys') return `${place}unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  return `${place}${issue.message}`;
}
