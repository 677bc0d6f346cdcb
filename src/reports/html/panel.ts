import type { Report } from '#domain/report.ts';
import { agreementWord, contextLines, markRows, reviewerRows } from '#reports/panel-rows.ts';
import { html, type Html } from './template.ts';

/** How several reviewers agree: what each would give alone, then the marks of models; null for one reviewer. */
export function panelTables({ panel }: Report): Html | null {
  if (panel === undefined) return null;
  return html`${table(['Reviewer, alone', 'Syntax', 'Logic', 'Performance', 'Security', 'Its own, of 10'], reviewerRows(panel))}${
    panel.marks.length === 0 ? null : html`<h3>Marks of the models</h3>${table(['For', 'By', 'Median', 'Agreement', 'Far off'], markRows(panel))}`
  }${panel.agreement === null ? null : html`<p class="quiet">Agreement ${agreementWord(panel.agreement)} of 1.</p>`}`;
}

/** What models were shown of the project; null where none was named. */
export function projectList({ context }: Report): Html | null {
  return context === undefined ? null : html`<ul class="points">${contextLines(context).map((line) => html`<li>${line}</li>`)}</ul>`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<table class="reviewers">
<thead><tr>${header.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(([name = '', ...cells]) => html`<tr class="reviewer"><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell || '–'}</td>`)}</tr>
`)}</tbody>
</table>`;
}
