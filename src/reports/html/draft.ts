import type { Report } from '#domain/report.ts';
import { draftedRows, draftSentence } from '#reports/draft-rows.ts';
import { html, type Html } from './template.ts';

/** What the task was drafted as; where it became several files, each with its verdict and its run. Null where nothing was drafted. */
export function draftText({ drafted }: Report): Html | null {
  if (drafted === undefined) return null;
  const rows = draftedRows(drafted);
  return html`<p>${draftSentence(drafted)}</p>${rows.length === 0 ? null : filesTable(rows)}`;
}

function filesTable(rows: readonly (readonly string[])[]): Html {
  return html`<table class="reviewers">
<thead><tr><th scope="col">File</th><th scope="col">Verdict</th><th scope="col">Score</th><th scope="col">Run</th></tr></thead>
<tbody>${rows.map(([path, verdict, score, run]) => html`<tr class="reviewer"><th scope="row">${path ?? ''}</th><td>${verdict ?? ''}</td><td>${score ?? ''}</td><td>${run ?? ''}</td></tr>
`)}</tbody>
</table>`;
}
