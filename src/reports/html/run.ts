import type { Report, ReviewerReport } from '#domain/report.ts';
import { bytesWord, durationWord, elapsedMs, timeWord } from '#reports/wording.ts';
import { html, type Html } from './template.ts';

/** The run's own facts: ids, times, artifact, what became of it, and who reviewed with which versions. */
export function runFacts(report: Report): Html {
  return html`<dl class="run">${facts(report).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`)}</dl>${reviewerTable(report.reviewers)}<p class="quiet">A score reflects detected findings only; a category that nothing assessed has none. Score model ${report.scoreModel}.</p>`;
}

function facts(report: Report): [string, Html | string][] {
  const { artifact, bestRevision, saved, commit, usage, state } = report;
  const elapsed = elapsedMs(report);
  const tokens = usage.inputTokens + usage.outputTokens > 0 || usage.costUsd > 0;
  return [
    ['Run', html`<code>${report.runId}</code>`],
    ['Workflow', html`<code>${report.workflowId}</code>`],
    ['Started', timeWord(report.startedAt)],
    ['Closed', html`${timeWord(report.closedAt)}${elapsed === null ? null : html`, after ${durationWord(elapsed)}`}`],
    ['Artifact', html`${artifact.language} ${artifact.kind}, ${bytesWord(artifact.bytes)}${hash(artifact.sha256)}`],
    ...(bestRevision === null ? [] : [['Best revision', html`iteration ${bestRevision.iteration}, ${bytesWord(bestRevision.bytes)}${hash(bestRevision.sha256)}`] as [string, Html]]),
    ['State', state.replaceAll('_', ' ')],
    ['Saved', saved === null ? 'no' : html`<code>${saved.path}</code>`],
    ...(commit === null ? [] : [['Commit', html`<code>${commit.id}</code> on ${commit.branch === null ? 'a detached HEAD' : html`<code>${commit.branch}</code>`}`] as [string, Html]]),
    ...(tokens ? [['Usage', `${usage.inputTokens.toLocaleString('en-US')} tokens in, ${usage.outputTokens.toLocaleString('en-US')} out, ${usage.costUsd} USD`] as [string, string]] : []),
  ];
}

function hash(sha256: string): Html | null {
  return sha256 === '' ? null : html`<br><code>${sha256}</code>`;
}

function reviewerTable(reviewers: readonly ReviewerReport[]): Html | null {
  if (reviewers.length === 0) return null;
  return html`<table class="reviewers">
<thead><tr><th scope="col">Reviewer</th><th scope="col">Version</th><th scope="col">Assessed</th><th scope="col">Time</th></tr></thead>
<tbody>${reviewers.map((reviewer) => html`${reviewerRow(reviewer, 'reviewer')}${(reviewer.engines ?? []).map((engine) => reviewerRow(engine, 'engine'))}`)}</tbody>
</table>`;
}

function reviewerRow({ id, version, assessed, durationMs, error, outcome }: ReviewerReport, kind: 'reviewer' | 'engine'): Html {
  const failed = error === undefined ? null : html`<br><span class="failed">${error}</span>`;
  return html`<tr class="${kind}"><th scope="row">${id}</th><td>${version}</td><td>${outcome ?? (assessed.length === 0 ? '–' : assessed.join(', '))}${failed}</td><td>${durationWord(durationMs)}</td></tr>
`;
}
