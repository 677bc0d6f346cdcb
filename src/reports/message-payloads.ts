import { categories, scoredCategories, type Category, type Finding, type Severity } from '#domain/finding.ts';
import type { Report } from '#domain/report.ts';
import { scoreIfFixed } from './expected-improvement.ts';
import { splitFindings } from './groups.ts';
import type { IterationDetails, MessageDetails } from './messages.ts';
import { artifactName, capitalized, counted, headline, scoreWord } from './wording.ts';

// The shapes of seed 004, field by field; what it has no place for (style, documentation) goes with syntax, as in its own example.

const severityWords: Readonly<Record<Severity, 'error' | 'warning' | 'info'>> = { critical: 'error', high: 'error', medium: 'warning', low: 'warning', info: 'info' };
const priorities: Readonly<Record<Severity, 'high' | 'medium' | 'low'>> = { critical: 'high', high: 'high', medium: 'medium', low: 'low', info: 'low' };

/** A message is read by people and models: the worst findings say enough. */
const suggestionLimit = 100;
const recommendationLimit = 10;

export function requestPayload(report: Report, details: MessageDetails): object {
  const options = scoredCategories.map((category) => [`check_${category}`, details.requested.includes(category)]);
  return {
    file_path: artifactName(report),
    code_content: details.text ?? details.iterations[0]?.text ?? '',
    language: report.artifact.language,
    review_options: Object.fromEntries(options) as Record<string, boolean>,
  };
}

export function analysisPayload({ findings, reviews, text }: IterationDetails): object {
  const { open } = splitFindings(findings);
  const issues = (...wanted: Category[]): object[] => open.filter((finding) => wanted.includes(finding.category)).map(issue);
  const metrics = reviews.find((review) => review.metrics !== null)?.metrics;
  return {
    analysis_results: {
      syntax_issues: issues('syntax', 'style', 'documentation'),
      logic_issues: issues('logic'),
      performance_issues: issues('performance'),
      security_issues: issues('security'),
    },
    code_metrics: {
      lines_of_code: metrics?.linesOfCode ?? text.split('\n').filter((line) => line.trim() !== '').length,
      complexity_score: metrics?.complexityScore ?? null,
      maintainability_index: metrics?.maintainabilityIndex ?? null,
    },
  };
}

function issue({ place, category, severity, message, suggestion }: Finding): object {
  return { line: place.line, type: category, severity: severityWords[severity], message, suggestion: suggestion ?? '' };
}

/** In    index  of the iteration whose review asked for the next revision, which is the iteration after it */
export function improvementPayload(report: Report, details: MessageDetails, index: number): object {
  const base = baseOf(report, index);
  const { findings, reviews } = details.iterations[base]!;
  const { open } = splitFindings(findings);
  const rules = { sizeFactor: sizeFactorOf(details), requested: details.requested, ...(details.weights === undefined ? {} : { weights: details.weights }) };
  const gain = scoreIfFixed(reviews, rules);
  return {
    current_quality_score: report.iterations[base]?.score ?? null,
    target_quality_score: report.targetScore,
    improvement_suggestions: open.slice(0, suggestionLimit).map((finding) => ({
      priority: priorities[finding.severity],
      category: finding.category,
      suggestion: finding.suggestion ?? finding.message,
      expected_improvement: gain(finding),
    })),
    revised_code: details.iterations[index + 1]!.text,
    iteration_reason: reasonFor(report, index, open),
  };
}

// An improvement starts from the best revision so far, which is the last accepted one.
function baseOf(report: Report, index: number): number {
  let base = index;
  while (base > 0 && report.iterations[base]?.accepted === false) base -= 1;
  return base;
}

function sizeFactorOf({ iterations }: MessageDetails): number {
  return Math.max(1, ...(iterations[0]?.reviews ?? []).map((review) => review.sizeFactor));
}

function reasonFor(report: Report, index: number, open: readonly Finding[]): string {
  const because = report.iterations[index]?.refusedBecause;
  const refused = because === undefined ? '' : `Iteration ${index + 1} was refused: ${because} `;
  const words = categoriesOf(open);
  if (words.length === 0) return `${refused}Score below the target of ${scoreWord(report.targetScore)}`;
  const list = words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
  return `${refused}${capitalized(list)} improvements needed`;
}

function categoriesOf(findings: readonly Finding[]): Category[] {
  return categories.filter((category) => findings.some((finding) => finding.category === category));
}

export function completionPayload(report: Report, details: MessageDetails): object {
  const best = report.bestRevision?.iteration ?? 0;
  const made = report.iterations.filter((each) => each.accepted && each.iteration <= best).flatMap((each) => each.changes);
  return {
    final_quality_score: report.finalScore,
    total_iterations: report.iterations.length,
    improvement_summary: { initial_score: report.initialScore, final_score: report.finalScore, improvements_made: made },
    final_code: details.iterations[best - 1]?.text ?? details.text ?? '',
    review_report: Object.fromEntries(scoredCategories.map((category) => [`${category}_score`, report.categories[category].score])),
  };
}

export function resultPayload(report: Report): object {
  const { initialScore: before, finalScore: after, reports } = report;
  return {
    status: report.state,
    quality_improvement: { before, after, improvement_percentage: percentage(before, after) },
    detailed_report: { summary: summary(report), improvements: categoriesOf(report.fixed).map(capitalized), final_recommendations: recommendations(report) },
    output_formats: { markdown: reports['markdown'] ?? null, json: reports['json'] ?? null, html: reports['html'] ?? null },
  };
}

function percentage(before: number | null, after: number | null): number {
  return before === null || after === null || before === 0 ? 0 : Math.round(((after - before) / before) * 100);
}

function summary(report: Report): string {
  const { initialScore, finalScore, iterations, reason } = report;
  if (initialScore === null || finalScore === null) return reason;
  const rounds = counted(iterations.length, 'iteration');
  const change = finalScore > initialScore ? `Quality improved from ${scoreWord(initialScore)} to ${scoreWord(finalScore)}` : `Quality stayed at ${scoreWord(finalScore)}`;
  return `${change} through ${rounds}: ${headline(report).toLowerCase()}`;
}

function recommendations({ evaluation, findings }: Report): string[] {
  const { open } = splitFindings(findings);
  const said = [...(evaluation?.recommendations ?? []), ...open.map((finding) => finding.suggestion ?? finding.message)];
  return [...new Set(said)].slice(0, recommendationLimit);
}
