import { isBlocker, scoredCategories, type Finding } from '#domain/finding.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import type { Evaluation, Report } from '#domain/report.ts';
import type { EvaluationResult } from '#wire/evaluation.ts';

/** So many findings speak as weaknesses and recommendations where no model put it into words. */
const spoken = 10;
const worstFindings = 100;
/** From this score on a category is a strength. */
const strongFrom = 90;

/**
 * The answer of `evaluate_document`, made from the report of one judgement. Readiness and score are the report's; free words are
 * the model's where there is one, else made from what the engines found.
 *
 * In      targetScore  0–10
 */
export function evaluationResult(report: Report, targetScore: number): EvaluationResult {
  const { evaluation = {}, finalScore, ready, runId, reviewers } = report;
  const findings = report.findings.filter(({ suppressed }) => suppressed === undefined);
  const { modelScore, modelReady } = evaluation;
  const warnings = [...(evaluation.warnings ?? []), ...unsaid(report)];
  return {
    ready_for_implementation: ready,
    score: finalScore === null ? null : outOfTen(finalScore, targetScore),
    target_score: targetScore,
    ...wordsOf(report, findings, { evaluation, targetScore }),
    blockers: findings.filter((finding) => isBlocker(finding)).map(sentenceOf),
    categories: toSnakeKeys(report.categories) as EvaluationResult['categories'],
    findings: toSnakeKeys(findings.slice(0, worstFindings)),
    ...(modelScore === undefined ? {} : { model_score: modelScore }),
    ...(modelReady === undefined ? {} : { model_ready: modelReady }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(report.panel === undefined ? {} : { panel: toSnakeKeys(report.panel) as NonNullable<EvaluationResult['panel']> }),
    ...(report.context === undefined ? {} : { context: toSnakeKeys(report.context) as NonNullable<EvaluationResult['context']> }),
    run_id: runId,
    reviewer: reviewers.map(({ id }) => id).join(', '),
  };
}

type Words = Pick<EvaluationResult, 'conclusion' | 'rationale' | 'analysis' | 'recommendations' | 'technical_notes'>;

// One decimal, towards the side of the target on which the score lies: a reader compares the two, and 8.75 is not 8.8.
function outOfTen(finalScore: number, targetScore: number): number {
  const isReached = finalScore >= Math.round(targetScore * 100) / 10;
  const nearest = Math.round(finalScore) / 10;
  if (nearest >= targetScore === isReached) return nearest;
  return (isReached ? Math.ceil(finalScore) : Math.floor(finalScore)) / 10;
}

interface Judged {
  readonly evaluation: Evaluation;
  /** 0–10. */
  readonly targetScore: number;
}

function wordsOf(report: Report, findings: readonly Finding[], { evaluation, targetScore }: Judged): Words {
  const { conclusion, rationale, analysis, recommendations, technicalNotes } = evaluation;
  const own = { strengths: strengthsOf(report), weaknesses: findings.slice(0, spoken).map(sentenceOf) };
  return {
    conclusion: conclusion ?? conclusionOf(report, targetScore),
    rationale: rationale ?? rationaleOf(report),
    analysis: analysis === undefined ? own : { strengths: [...analysis.strengths], weaknesses: [...analysis.weaknesses] },
    recommendations: [...(recommendations ?? findings.flatMap(({ suggestion }) => suggestion ?? []).slice(0, spoken))],
    technical_notes: technicalNotes ?? report.reviewers.map(({ id, version }) => `${id} (${version})`).join('; '),
  };
}

// The reason of the run speaks of its own scale.
function conclusionOf({ finalScore, reason, ready }: Report, targetScore: number): string {
  if (finalScore === null) return reason;
  const score = outOfTen(finalScore, targetScore);
  if (score < targetScore) return `The score of ${score} is below the target of ${targetScore}.`;
  return `The score of ${score} reaches the target of ${targetScore}${ready ? '' : ', but it is not ready: see blockers and categories'}.`;
}

// A model's own conclusion takes the place of the reason; where nothing was judged that has to be told all the same.
function unsaid({ finalScore, evaluation, reason }: Report): string[] {
  return finalScore === null && evaluation?.conclusion !== undefined ? [reason] : [];
}

function sentenceOf({ message, place, severity }: Finding): string {
  return `${severity}, line ${place.line}: ${message}`;
}

function rationaleOf({ categories, findingCount }: Report): string {
  const judged = scoredCategories.flatMap((category) => (categories[category].score === null ? [] : [`${category} ${categories[category].score}`]));
  const found = findingCount === 1 ? '1 finding' : `${findingCount} findings`;
  return judged.length === 0 ? 'No category could be judged.' : `${judged.join(', ')} of 100; ${found}.`;
}

function strengthsOf({ categories }: Report): string[] {
  return scoredCategories.flatMap((category) => ((categories[category].score ?? 0) >= strongFrom ? [`${category}: ${categories[category].score} of 100`] : []));
}
