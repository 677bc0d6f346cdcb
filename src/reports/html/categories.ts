import type { Report } from '#domain/report.ts';
import { round } from '#domain/scorecard.ts';
import { capitalized, categoryChanges, counted, gainWord, scoreWord, type CategoryChange } from '#reports/wording.ts';
import { html, type Html } from './template.ts';

/** One row per scored category: a bar with what was there and what was gained, the scores, and who assessed it. */
export function categoryRows(report: Report): Html {
  return html`<ul class="categories">${categoryChanges(report).map(row)}</ul>${metrics(report)}`;
}

function row({ category, before, after, by }: CategoryChange): Html {
  const name = html`<span class="category">${capitalized(category)}</span>`;
  if (after === null) return html`<li>${name}<span class="unassessed">not assessed</span></li>
`;
  const from = before ?? after;
  const changed = from !== after;
  return html`<li>${name}${bar(from, after)}<span class="scores">${changed ? html`${scoreWord(from)} → ` : null}<b>${scoreWord(after)}</b></span><span class="${after < from ? 'gain lost' : 'gain'}">${
    changed ? gainWord(before, after) : null
  }</span><span class="by">${by.join(', ')}</span></li>
`;
}

function bar(before: number, after: number): Html {
  const kept = Math.min(before, after);
  const change = round(Math.abs(after - before));
  const name = after < before ? 'lost' : 'gained';
  return html`<svg class="bar" width="100%" height="8" aria-hidden="true"><rect class="kept" width="${kept}%" height="8"/>${
    change === 0 ? null : html`<rect class="${name}" x="${kept}%" width="${change}%" height="8"/>`
  }</svg>`;
}

function metrics({ codeMetrics }: Report): Html | null {
  if (codeMetrics === null) return null;
  const { linesOfCode, complexityScore, maintainabilityIndex, functions } = codeMetrics;
  const facts = [
    counted(linesOfCode, 'line') + ' of code',
    ...(functions === undefined ? [] : [counted(functions, 'function')]),
    `highest complexity ${complexityScore}`,
    `maintainability ${maintainabilityIndex} of 100`,
  ];
  return html`<p class="quiet">${facts.join(', ')}.</p>`;
}
