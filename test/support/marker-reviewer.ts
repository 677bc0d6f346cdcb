import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#domain/errors.ts';
import { isScored, scoredCategories, severities, type Finding } from '#domain/finding.ts';
import type { Improver, Reviewer, ReviewInput } from '#reviewers/reviewer.ts';

/**
 * A reviewer whose findings are written in the text, one a line: `!medium rule` or `!high rule fix`.
 * It makes tests of the loop exact: the text says what the score will be.
 */
export function markerReviewer(id: string, before: (input: ReviewInput, signal: AbortSignal) => Promise<void> = () => Promise.resolve()): Reviewer {
  return {
    id,
    version: '1',
    queue: 'analysis',
    asksModel: false,
    async review(input, { signal }) {
      await before(input, signal);
      return {
        findings: readMarkers(input, id),
        engines: [{ id: 'marker', version: '1', categories: [...scoredCategories], durationMs: 1 }],
        parses: !input.text.includes('!unparsable'),
        sizeFactor: 1,
        metrics: null,
        lost: [],
      };
    },
  };
}

function readMarkers({ text, name }: ReviewInput, source: string): Finding[] {
  const seen = new Map<string, number>();
  return text.split('\n').flatMap((line, index) => {
    const [, severity, rule, category, fix] = /^!(\w+) (\S+)(?: (logic|style|security|performance|syntax))?( fix)?$/.exec(line) ?? [];
    const known = severities.find((candidate) => candidate === severity);
    if (known === undefined || rule === undefined) return [];
    const nth = (seen.get(line) ?? 0) + 1;
    seen.set(line, nth);
    const kind = category === 'style' || (category !== undefined && isScored(category as never)) ? (category as Finding['category']) : 'logic';
    return [{
      id: createHash('sha256').update(`${rule}\0${line}\0${nth}`).digest('hex').slice(0, 16),
      ruleId: `marker/${rule}`, category: kind, severity: known, confidence: 1, message: `${rule} is marked here`,
      place: { path: name, line: index + 1, column: 1, endLine: index + 1, endColumn: line.length + 1 }, source, fixable: fix !== undefined,
    }];
  });
}

/** Removes the first `count` lines that are marked fixable. */
export function markerImprover(id: string, count = 1): Improver {
  return textImprover(id, (text) => {
    const lines = text.split('\n');
    const doomed = lines.flatMap((line, index) => (line.startsWith('!') && line.endsWith(' fix') ? [index] : [])).slice(0, count);
    return doomed.length === 0 ? null : lines.filter((_line, index) => !doomed.includes(index)).join('\n');
  });
}

/** An improver that is one function of the text. */
export function textImprover(id: string, change: (text: string, refusals: number) => string | null): Improver {
  return {
    id,
    version: '1',
    queue: 'analysis',
    asksModel: false,
    improve: ({ text, refused }) => {
      const next = change(text, refused.length);
      return Promise.resolve({ text: next, changes: next === null ? [] : [`${id} changed ${text.length - next.length} characters`] });
    },
  };
}

/** Fails this many times with this error, then lets through. */
export function failing(times: number, error: () => Error): () => Promise<void> {
  let left = times;
  return () => {
    if (left === 0) return Promise.resolve();
    left -= 1;
    return Promise.reject(error());
  };
}

export const unavailable = (): AppError => new AppError('Unavailable', 'REVIEWER_DOWN', 'The reviewer does not answer. Try again later.');

/** Takes this long unless told to stop. */
export function slow(ms: number): (input: ReviewInput, signal: AbortSignal) => Promise<void> {
  return (_input, signal) => sleep(ms, undefined, { signal });
}
