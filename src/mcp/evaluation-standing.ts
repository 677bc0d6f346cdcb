import { evaluationResult } from '#client/evaluate-result.ts';
import { loadReport } from '#client/run-report.ts';
import type { Store } from '#store/store.ts';
import type { Standing } from './standing.ts';

/** What `evaluate_document` answers: its contract where there is a verdict, else where the run stands. */
export interface EvaluationStanding extends Standing {
  readonly ready_for_implementation: boolean;
  readonly score: number | null;
  readonly target_score: number;
}

/** More of them fill a model's context and help it no further. */
const toldFindings = 20;

/** In   targetScore  0–10 */
export async function evaluationStanding(store: Store, standing: Standing, targetScore: number): Promise<EvaluationStanding> {
  const report = standing.state === 'completed' ? await loadReport(store, standing.run_id) : null;
  if (report === null) return { ...unjudged(standing), ready_for_implementation: false, score: null, target_score: targetScore };
  const { findings, ...result } = evaluationResult(report, targetScore);
  const { ready_for_implementation: isReady } = result;
  const next = isReady ? 'It is ready: go on with the implementation.' : 'Revise the document by blockers, recommendations and weaknesses, then call evaluate_document again.';
  return {
    ...result,
    findings: findings.slice(0, toldFindings),
    findings_total: report.findingCount,
    state: standing.state,
    next_step: result.score === null ? 'Nothing could be judged; conclusion says why.' : next,
  };
}

// Scores of a standing are of another scale.
function unjudged({ score: _score, target_score: _target, scores: _scores, next_step: next, ...standing }: Standing): Standing {
  const isOpen = next.startsWith('Call review_wait');
  const own = next.replace('review_start again', 'evaluate_document again');
  return { ...standing, next_step: isOpen ? `${next.slice(0, -1)}, then review_result with part evaluation.` : own } as Standing;
}
