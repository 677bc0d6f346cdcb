import type { Revision } from './artifact.ts';
import type { ErrorSummary } from './errors.ts';
import { scoredCategories, type ScoredCategory } from './finding.ts';
import { isReady, isSuspicious, suspicionsOf } from './loop/gate.ts';
import { runState } from './loop/progress.ts';
import { reasonOf } from './loop/reason.ts';
import type { LoopState } from './loop/state.ts';
import type { IterationReport, Outcome, Report, RunState } from './report.ts';
import type { CategoryScore } from './scorecard.ts';

/** The end of a run as the workflow knows it: scores and hashes, no text, no findings. */
export interface RunSummary {
  readonly state: RunState;
  readonly outcome: Outcome | null;
  readonly reason: string;
  readonly ready: boolean;
  readonly targetScore: number;
  readonly initialScore: number | null;
  readonly finalScore: number | null;
  readonly categories: Readonly<Record<ScoredCategory, CategoryScore>>;
  readonly iterations: readonly IterationReport[];
  readonly best: { readonly iteration: number; readonly revision: Revision } | null;
  readonly saved: Report['saved'];
  readonly commit: Report['commit'];
  readonly error: ErrorSummary | null;
  readonly workedMs: number;
  readonly costUsd: number;
  /** Of models, over all attempts. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Why a person should look at the best revision before it passes. */
  readonly suspicions: readonly string[];
}

const notAssessed: CategoryScore = { score: null, assessed: false, by: [] };
const noCategories = Object.fromEntries(scoredCategories.map((category) => [category, notAssessed])) as Record<ScoredCategory, CategoryScore>;

/** `closing` is the state the run is about to close with; the report step itself runs before the end. */
export function summarizeRun(state: LoopState): RunSummary {
  const best = state.best;
  return {
    state: closingState(state),
    outcome: state.cancelled ? null : state.outcome,
    reason: reasonOf(state),
    ready: isReady(best, state.limits.targetScore) && !isSuspicious(state),
    targetScore: state.limits.targetScore,
    initialScore: state.initial?.scorecard.score ?? null,
    finalScore: best?.scorecard.score ?? null,
    categories: best?.scorecard.categories ?? noCategories,
    iterations: state.iterations,
    best: best === null ? null : { iteration: best.iteration, revision: best.revision },
    saved: state.saved,
    commit: state.commit,
    error: state.error,
    workedMs: state.workedMs,
    // To the millionth: sums of parts show the errors of binary fractions beyond.
    costUsd: Math.round(state.costUsd * 1e6) / 1e6,
    inputTokens: state.inputTokens,
    outputTokens: state.outputTokens,
    suspicions: suspicionsOf(best),
  };
}

function closingState(state: LoopState): RunState {
  if (state.cancelled) return 'cancelled';
  const current = runState(state);
  return current === 'failed' ? 'failed' : 'completed';
}
