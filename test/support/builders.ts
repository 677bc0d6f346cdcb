import { createHash } from 'node:crypto';
import type { Artifact, Revision } from '#domain/artifact.ts';
import type { ErrorKind, ErrorSummary } from '#domain/errors.ts';
import { scoredCategories, type Finding } from '#domain/finding.ts';
import { codeLimits } from '#domain/limits.ts';
import { decide } from '#domain/loop/decide.ts';
import { initialState, type Assessed, type LoopEvent, type LoopState } from '#domain/loop/state.ts';
import type { ReviewRequest } from '#domain/request.ts';
import type { EngineRun, Review, Tally, Usage } from '#domain/review.ts';
import { scoreReviews } from '#domain/scorecard.ts';

/** Small valid nouns for tests: each takes what the test is about and fills in the rest. */

export function aFinding(given: Partial<Finding> = {}): Finding {
  return {
    id: 'f1',
    ruleId: 'typescript/TS2304',
    category: 'logic',
    severity: 'medium',
    confidence: 0.9,
    message: "Cannot find name 'total'.",
    place: { path: 'a.ts', line: 1, column: 1, endLine: 1, endColumn: 6 },
    source: 'typescript',
    fixable: false,
    ...given,
  };
}

export function aTally(given: Partial<Tally> = {}): Tally {
  return { ruleId: 'typescript/TS2304', category: 'logic', severity: 'medium', confidence: 1, count: 1, ...given };
}

/** What cost so much, and took no tokens. */
export function usd(costUsd: number | null): Usage {
  return { costUsd, inputTokens: 0, outputTokens: 0 };
}

/** An engine that judges all four categories and got through. */
export function anEngine(given: Partial<EngineRun> = {}): EngineRun {
  return { id: 'typescript', version: '6.0.3', categories: scoredCategories, durationMs: 5, ...given };
}

/** A review by `static` without findings: scores 100. */
export function aReview(given: Partial<Review> = {}): Review {
  return {
    reviewer: 'static',
    version: '1',
    engines: [anEngine()],
    parses: true,
    sizeFactor: 1,
    metrics: null,
    lost: [],
    damage: null,
    tallies: [],
    blockers: [],
    findingCount: 0,
    fixableCount: 0,
    durationMs: 5,
    ...given,
  };
}

/**
 * A review of logic alone with so many medium findings of one rule, and so with this score:
 * 0 → 100 · 1 → 94 · 2 → 91.8 · 3 → 89.2 · 4 → 87 · 5 → 85.1 · 6 → 83.4 · 8 → 80.4 · 10 → 77.8 · 20 → 68.4 · 40 → 56.9
 */
export function aReviewWith(mediums: number, given: Partial<Review> = {}): Review {
  const tallies = mediums === 0 ? [] : [aTally({ count: mediums })];
  return aReview({ engines: [anEngine({ categories: ['logic'] })], tallies, findingCount: mediums, ...given });
}

export function sha(word: string): string {
  return createHash('sha256').update(word).digest('hex');
}

export function aRevision(word: string, bytes = 1_000): Revision {
  return { sha256: sha(word), bytes };
}

/** A revision with its reviews, scored like the loop scores it. */
export function anAssessed(reviews: readonly Review[], given: Partial<Assessed> = {}): Assessed {
  const scorecard = scoreReviews(reviews, { sizeFactor: 1, requested: scoredCategories });
  return { iteration: 1, revision: aRevision('r0'), reviews, scorecard, ...given };
}

export function anArtifact(given: Partial<Artifact> = {}): Artifact {
  const revision = given.revision ?? aRevision('r0');
  return {
    name: 'a.ts',
    path: 'src/a.ts',
    root: '/root-of-tests',
    kind: 'code',
    language: 'typescript',
    bytes: revision.bytes,
    sha256: revision.sha256,
    revision,
    shape: { bom: false, eol: 'lf', finalNewline: true },
    ...given,
  };
}

export function aRequest(given: Partial<ReviewRequest> = {}): ReviewRequest {
  return {
    artifact: { path: 'src/a.ts' },
    root: '/root-of-tests',
    limits: codeLimits,
    reviewers: ['static'],
    improver: 'static',
    profile: 'code',
    criteria: [],
    weights: {},
    requested: scoredCategories,
    checks: [],
    save: 'none',
    approval: 'none',
    minSeverity: 'info',
    baseline: [],
    formats: ['json'],
    tenant: 'default',
    ...given,
  };
}

export function anError(kind: ErrorKind = 'Unavailable', given: Partial<ErrorSummary> = {}): ErrorSummary {
  return { kind, code: 'SOME_CODE', message: 'It did not answer. Try again later.', ...given };
}

export function opened(request: Partial<ReviewRequest> = {}, artifact: Partial<Artifact> = {}): LoopEvent {
  return { type: 'opened', request: aRequest(request), artifact: anArtifact(artifact) };
}

export function reviewed(reviews: readonly Review[], given: Partial<Extract<LoopEvent, { type: 'reviewed' }>> = {}): LoopEvent {
  return { type: 'reviewed', reviews, failures: [], workedMs: 10, ...given };
}

export function improved(word: string, given: Partial<Extract<LoopEvent, { type: 'improved' }>> = {}): LoopEvent {
  return { type: 'improved', revision: aRevision(word), changes: [`wrote ${word}`], workedMs: 10, ...given };
}

export function failed(kind: ErrorKind = 'Unavailable', workedMs = 10): LoopEvent {
  return { type: 'failed', error: anError(kind), workedMs };
}

/** The state after these events, from the very beginning. */
export function after(...events: readonly LoopEvent[]): LoopState {
  return events.reduce(decide, initialState);
}

export function aState(given: Partial<LoopState> = {}): LoopState {
  return { ...initialState, ...given };
}
