import type { Artifact, Revision } from '#domain/artifact.ts';
import { compareFindings, isScored, severityRank, type Finding, type ScoredCategory, type Severity } from '#domain/finding.ts';
import { briefBlockers, noUsage, suspicionLimit, tallyFindings, type Review, type ReviewerResult, type Usage } from '#domain/review.ts';
import { damageOf } from '#domain/damage.ts';
import { weakeningOf } from '#domain/weakening.ts';
import type { CheckResult } from '#domain/check.ts';
import type { Criterion } from '#domain/request.ts';
import type { Dependencies } from './dependencies.ts';
import { materialFor } from './material.ts';
import { withinTime, type TimeLimits } from './working-time.ts';

export interface ReviewInput extends TimeLimits {
  readonly runId: string;
  readonly iteration: number;
  readonly reviewer: string;
  readonly revision: Revision;
  /** The best revision so far, which this one is verified against; null for revision 0. */
  readonly previous: Revision | null;
  readonly artifact: Pick<Artifact, 'name' | 'path' | 'language' | 'kind' | 'lines' | 'taskSha256'>;
  readonly requested: readonly ScoredCategory[];
  readonly minSeverity: Severity;
  readonly baseline: readonly string[];
  readonly criteria?: readonly Criterion[];
  readonly purpose?: 'evaluate';
  /** Of what `gatherContext` stored. */
  readonly contextSha256?: string;
  /** What the user's own checks said of this revision. */
  readonly checks?: readonly CheckResult[];
}

/** Lets one reviewer judge one revision; the findings go to the store, scores and short facts to the workflow. */
export function review(deps: Dependencies) {
  return async (input: ReviewInput): Promise<Review> => {
    const { value, workedMs, usage } = await withinTime(input, async (context) => {
      const { name, path, language, kind, taskSha256 } = input.artifact;
      const { contextSha256, checks } = input;
      const [text, previousText, material] = await Promise.all([deps.store.getText(input.revision.sha256), previousOf(deps, input), materialFor(deps, { contextSha256, taskSha256, checks })]);
      const reviewer = deps.registry.reviewer(input.reviewer);
      const asked = { name: path ?? name, language, kind, text, requested: input.requested, ...given(input), ...material };
      const result = await reviewer.review({ ...asked, ...(previousText === undefined ? {} : { previousText }) }, context);
      const findings = await suppress(deps, input, result.findings);
      return { version: reviewer.version, result, findings, damage: damageOf(text, previousText) ?? weakened(asked.name, text, previousText) };
    });
    const review = condense(input, { ...value, workedMs, usage });
    await deps.store.putReview({ runId: input.runId, iteration: input.iteration, reviewer: input.reviewer, revision: input.revision, review, findings: value.findings, ...(value.result.evaluation === undefined ? {} : { evaluation: value.result.evaluation }) });
    return review;
  };
}

function given({ criteria, purpose }: ReviewInput): Pick<ReviewInput, 'criteria' | 'purpose'> {
  return { ...(criteria === undefined ? {} : { criteria }), ...(purpose === undefined ? {} : { purpose }) };
}

// Nothing may be won by looking less closely.
function weakened(name: string, text: string, previous: string | undefined): string | null {
  return previous === undefined ? null : weakeningOf(name, previous, text);
}

async function previousOf(deps: Dependencies, { previous }: ReviewInput): Promise<string | undefined> {
  return previous === null ? undefined : deps.store.getText(previous.sha256);
}

interface Judged {
  readonly version: string;
  readonly result: ReviewerResult;
  readonly findings: readonly Finding[];
  readonly damage: string | null;
  readonly workedMs: number;
  readonly usage: Usage;
}

function condense(input: ReviewInput, { version, result, findings, damage, workedMs, usage }: Judged): Review {
  const counted = findings.filter((finding) => finding.suppressed === undefined);
  return {
    reviewer: input.reviewer,
    version,
    engines: result.engines,
    parses: result.parses,
    sizeFactor: result.sizeFactor,
    metrics: result.metrics,
    lost: result.lost,
    damage,
    tallies: tallyFindings(counted),
    blockers: briefBlockers(counted),
    findingCount: counted.length,
    fixableCount: counted.filter((finding) => finding.fixable).length,
    durationMs: workedMs,
    ...limitedOf(findings),
    ...(usage === noUsage ? {} : costs(usage)),
    ...(result.criteria === undefined ? {} : { criteria: result.criteria }),
    ...(result.suspicions === undefined || result.suspicions.length === 0 ? {} : { suspicions: result.suspicions.slice(0, suspicionLimit) }),
  };
}

function limitedOf(findings: readonly Finding[]): Pick<Review, 'limited'> {
  const limit = findings.find(({ ruleId }) => ruleId.startsWith('limits/'));
  return limit === undefined ? {} : { limited: limit.message };
}

function costs({ costUsd, inputTokens, outputTokens }: Usage): Pick<Review, 'costUsd' | 'inputTokens' | 'outputTokens'> {
  return { ...(costUsd === null ? {} : { costUsd }), inputTokens, outputTokens };
}

async function suppress(deps: Dependencies, input: ReviewInput, findings: readonly Finding[]): Promise<Finding[]> {
  const outside = await outsideIds(deps, input, findings);
  const baseline = new Set(input.baseline);
  return findings.map((finding) => mark(finding, { input, outside, baseline })).toSorted(compareFindings);
}

interface Filters {
  readonly input: ReviewInput;
  readonly outside: ReadonlySet<string>;
  readonly baseline: ReadonlySet<string>;
}

// Filtering marks a finding instead of dropping it, so that nothing vanishes from the report.
function mark(finding: Finding, { input, outside, baseline }: Filters): Finding {
  if (outside.has(finding.id)) return { ...finding, suppressed: 'outside_lines' };
  if (baseline.has(finding.id)) return { ...finding, suppressed: 'baseline' };
  if (isScored(finding.category) && !input.requested.includes(finding.category)) return { ...finding, suppressed: 'not_requested' };
  if (severityRank(finding.severity) > severityRank(input.minSeverity)) return { ...finding, suppressed: 'below_min_severity' };
  return finding;
}

// Lines shift once a revision is edited, ids do not: what lay outside in revision 0 stays outside.
async function outsideIds(deps: Dependencies, input: ReviewInput, findings: readonly Finding[]): Promise<Set<string>> {
  const { lines } = input.artifact;
  if (lines === undefined) return new Set();
  if (input.iteration === 1) return new Set(findings.filter(({ place }) => !lines.some(([first, last]) => place.line <= last && place.endLine >= first)).map(({ id }) => id));
  const first = await deps.store.listFindings({ runId: input.runId, iteration: 1 });
  return new Set(first.filter((finding) => finding.suppressed === 'outside_lines').map((finding) => finding.id));
}
