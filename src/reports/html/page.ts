import type { Report } from '#domain/report.ts';
import { diffSize } from '#reports/diff-rows.ts';
import { splitFindings } from '#reports/groups.ts';
import { artifactName, counted, durationWord, elapsedMs, headline, scoreWord, timeWord, toneOf } from '#reports/wording.ts';
import { categoryRows } from './categories.ts';
import { scoreChart } from './chart.ts';
import { diffTable } from './diff.ts';
import { draftText } from './draft.ts';
import { evaluationText } from './evaluation.ts';
import { fixedFindings, remainingFindings } from './findings.ts';
import { iterationTable } from './iterations.ts';
import { panelTables, projectList } from './panel.ts';
import { runFacts } from './run.ts';
import { style, styleHash } from './style.ts';
import { html, htmlText, trusted, type Html } from './template.ts';

// No script, no frame, no request: only this very style sheet and pictures inside the page.
const policy = `default-src 'none'; style-src '${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** One self-contained page for screen, phone and paper; all text of files, models and people in it is text. */
export function renderHtml(report: Report): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${artifactName(report)}: ${headline(report)}</title>
<style>${trusted(style)}</style>
</head>
<body>
<main>
${head(report)}
${sections(report)}
</main>
</body>
</html>
`;
  return htmlText(page);
}

function head(report: Report): Html {
  const tone = toneOf(report);
  const reason = report.reason === report.error?.message ? null : html` <span class="reason">${report.reason}</span>`;
  return html`<header>
<p class="kicker">Koubou review, ${timeWord(report.startedAt)}</p>
<h1>${artifactName(report)}</h1>
<p class="verdict ${tone}">${icons[tone]}<span><strong>${headline(report)}.</strong>${reason}</span></p>
${errorBox(report)}
${figures(report)}
</header>`;
}

const icons = {
  good: html`<svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><circle cx="11" cy="11" r="11"/><path d="M6.5 11.4l3 3 6-6.6"/></svg>`,
  fair: html`<svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><circle cx="11" cy="11" r="11"/><path d="M6.5 11h9"/></svg>`,
  bad: html`<svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><circle cx="11" cy="11" r="11"/><path d="M7.6 7.6l6.8 6.8M14.4 7.6l-6.8 6.8"/></svg>`,
} as const;

function errorBox({ error }: Report): Html | null {
  if (error === null) return null;
  const step = error.step === undefined ? null : html` at step ${error.step}`;
  return html`<div class="error" role="alert"><p><strong>${error.kind}</strong> <code>${error.code}</code>${step}</p><p class="said">${error.message}</p></div>`;
}

function figures(report: Report): Html {
  const { initialScore, finalScore, targetScore, ready, iterations, fixed, findingCount } = report;
  const elapsed = elapsedMs(report);
  const leftOut = splitFindings(report.findings).suppressed.length;
  const before = initialScore === null || initialScore === finalScore ? null : html`<span class="before">${scoreWord(initialScore)}</span><span class="arrow">→</span>`;
  const facts: [string, string][] = [
    ['Target', scoreWord(targetScore)],
    ['Ready', ready ? 'yes' : 'no'],
    ['Iterations', String(iterations.length)],
    ['Fixed', String(fixed.length)],
    ['Remaining', String(findingCount)],
    ...(leftOut === 0 ? [] : [['Left out', String(leftOut)] as [string, string]]),
    ...(elapsed === null ? [] : [['Time', durationWord(elapsed)] as [string, string]]),
  ];
  return html`<div class="figures"><p class="score" aria-label="Score">${before}${
    finalScore === null ? html`<span class="none">no score</span>` : html`<span class="after ${toneOf(report)}">${scoreWord(finalScore)}</span>`
  }</p>
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></div>`;
}

function sections(report: Report): (Html | null)[] {
  const { diff = '', fixed, iterations, findingCount, finalScore } = report;
  const judged = finalScore !== null;
  return [
    section('Score', scoreChart(report)),
    section('Draft', draftText(report)),
    section('Judgement', evaluationText(report.evaluation)),
    section('Categories', judged ? categoryRows(report) : null),
    section('Panel', panelTables(report)),
    section('Remaining', judged || report.findings.length > 0 ? remainingFindings(report) : null, counted(findingCount, 'finding')),
    section('Fixed', fixed.length > 0 ? fixedFindings(report) : null, counted(fixed.length, 'finding')),
    section('Iterations', iterations.length > 0 ? iterationTable(report) : null),
    section('Changes', diff === '' ? null : diffTable(diff), sizeWord(diff)),
    section('Project', projectList(report)),
    section('Run', runFacts(report)),
  ];
}

function section(title: string, content: Html | null, note = ''): Html | null {
  if (content === null) return null;
  return html`<section id="${title.toLowerCase()}"><div class="side"><h2>${title}</h2>${note === '' ? null : html`<p>${note}</p>`}</div><div class="body">${content}</div></section>
`;
}

function sizeWord(diff: string): string {
  const { added, removed } = diffSize(diff);
  return `+${added} −${removed} lines`;
}
