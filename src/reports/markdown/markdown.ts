import { checkOfSeat } from '#domain/check.ts';
import type { IterationReport, Report, ReviewerReport } from '#domain/report.ts';
import { splitFindings } from '#reports/groups.ts';
import {
  artifactName, bytesWord, capitalized, categoryChanges, counted, durationWord, elapsedMs, gainWord, headline, scoreWord, timeWord,
} from '#reports/wording.ts';
import { draftSection } from './draft.ts';
import { evaluationSection } from './evaluation.ts';
import { fixedSection, remainingSection } from './findings.ts';
import { panelSection, projectSection } from './panel.ts';
import { code, fenced, table, text } from './text.ts';

/** Longer diffs are for `result --diff`. */
const diffLinesShown = 1_000;

/** GitHub-flavoured Markdown: fit for a pull request; text of files, models and people in it stays text. */
export function renderMarkdown(report: Report): string {
  const blocks = [
    `# Review of ${code(artifactName(report))}`,
    `**${headline(report)}.**${report.reason === '' ? '' : ` ${text(report.reason)}`}`,
    ...errorSection(report),
    summaryTable(report),
    ...draftSection(report),
    ...evaluationSection(report.evaluation),
    ...categorySection(report),
    ...panelSection(report),
    ...remainingSection(report),
    ...fixedSection(report),
    ...iterationSection(report),
    ...diffSection(report),
    ...projectSection(report),
    ...runSection(report),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function errorSection({ error }: Report): string[] {
  if (error === null) return [];
  const where = error.step === undefined ? '' : ` at step ${text(error.step)}`;
  return [`> ${code(`${error.kind} ${error.code}`)}${where}: ${text(error.message)}`];
}

function summaryTable(report: Report): string {
  const { initialScore, finalScore, targetScore, iterations, findingCount, fixed, ready } = report;
  const leftOut = splitFindings(report.findings).suppressed.length;
  const header = ['Score before', 'Score after', 'Target', 'Ready', 'Iterations', 'Fixed', 'Remaining', ...(leftOut === 0 ? [] : ['Left out'])];
  const cells = [scoreWord(initialScore), `**${scoreWord(finalScore)}**`, scoreWord(targetScore), ready ? 'yes' : 'no', String(iterations.length), String(fixed.length), String(findingCount), ...(leftOut === 0 ? [] : [String(leftOut)])];
  return table(header, [cells]);
}

function categorySection(report: Report): string[] {
  if (report.finalScore === null) return [];
  const rows = categoryChanges(report).map(({ category, before, after, by }) =>
    [capitalized(category), scoreWord(before), after === null ? 'not assessed' : scoreWord(after), gainWord(before, after), by.map((id) => code(id)).join(', ')],
  );
  return ['## Categories', table(['Category', 'Before', 'After', 'Change', 'Assessed by'], rows)];
}

function iterationSection({ iterations }: Report): string[] {
  if (iterations.length === 0) return [];
  const changes = iterations.filter((iteration) => iteration.changes.length > 0).map((each) => `- Iteration ${each.iteration}: ${each.changes.map(text).join('; ')}`);
  const rows = table(['Iteration', 'Score', 'Findings', 'Revision', 'Time', 'Verdict'], iterations.map(iterationRow));
  return ['## Iterations', rows, ...(changes.length === 0 ? [] : [changes.join('\n')])];
}

function iterationRow({ iteration, score, findings, revision, durationMs, accepted, refusedBecause }: IterationReport): string[] {
  const verdict = accepted ? 'accepted' : `refused${refusedBecause === undefined ? '' : `: ${text(refusedBecause)}`}`;
  return [String(iteration), scoreWord(score), String(findings), code(revision.sha256.slice(0, 12)), durationWord(durationMs), verdict];
}

function diffSection({ diff }: Report): string[] {
  if (diff === undefined || diff === '') return [];
  const lines = diff.split('\n');
  const left = lines.length - diffLinesShown;
  const rest = left > 0 ? [`And ${counted(left, 'more line')}: ask for the diff itself.`] : [];
  return ['## Changes', fenced('diff', lines.slice(0, diffLinesShown).join('\n')), ...rest];
}

function runSection(report: Report): string[] {
  const { artifact, usage, codeMetrics } = report;
  const elapsed = elapsedMs(report);
  const rows: [string, string][] = [
    ['Run', code(report.runId)],
    ['Workflow', code(report.workflowId)],
    ['Time', `${text(timeWord(report.startedAt))}${elapsed === null ? '' : `, ${durationWord(elapsed)}`}`],
    ['Artifact', `${text(artifact.language)} ${text(artifact.kind)}, ${bytesWord(artifact.bytes)}${artifact.sha256 === '' ? '' : `, ${code(artifact.sha256.slice(0, 12))}`}`],
    ...(codeMetrics === null ? [] : [metricsRow(codeMetrics)]),
    ...savedRows(report),
    ...report.reviewers.map(reviewerRow),
    ...(usage.inputTokens + usage.outputTokens === 0 ? [] : [['Usage', `${usage.inputTokens} tokens in, ${usage.outputTokens} out, ${usage.costUsd} USD`] as [string, string]]),
    ['Score model', text(report.scoreModel)],
  ];
  return ['## Run', table(['Fact', 'Value'], rows), 'A score reflects detected findings only; a category that nothing assessed has none.'];
}

function metricsRow({ linesOfCode, complexityScore, maintainabilityIndex }: NonNullable<Report['codeMetrics']>): [string, string] {
  return ['Metrics', `${counted(linesOfCode, 'line')} of code, complexity ${complexityScore}, maintainability ${maintainabilityIndex}`];
}

function savedRows({ saved, commit }: Report): [string, string][] {
  const rows: [string, string][] = saved === null ? [] : [['Saved', code(saved.path)]];
  if (commit !== null) rows.push(['Commit', `${code(commit.id.slice(0, 12))} on ${commit.branch === null ? 'a detached HEAD' : code(commit.branch)}`]);
  return rows;
}

function reviewerRow({ id, version, durationMs, error, outcome, engines = [] }: ReviewerReport): [string, string] {
  if (outcome !== undefined) return ['Check', `${text(checkOfSeat(id) ?? id)}: ${outcome}, ${durationWord(durationMs)}`];
  const parts = engines.length === 0 ? '' : `: ${engines.map((engine) => `${text(engine.id)} ${text(engine.version)}`).join(', ')}`;
  return ['Reviewer', `${text(id)} ${text(version)}${parts}, ${durationWord(durationMs)}${error === undefined ? '' : `, failed: ${text(error)}`}`];
}
