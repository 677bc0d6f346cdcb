import type { IterationReport, Report } from '#domain/report.ts';
import { durationWord, gainWord, scoreWord } from '#reports/wording.ts';
import { html, type Html } from './template.ts';

/** One row per iteration: score and its change over the best before, what was changed, what the gate said. */
export function iterationTable({ iterations }: Report): Html {
  let best: number | null = null;
  const rows = iterations.map((iteration) => {
    const gain = gainWord(best, iteration.score);
    if (iteration.accepted) best = iteration.score;
    return row(iteration, gain);
  });
  return html`<table class="iterations">
<thead><tr><th scope="col">Iteration</th><th scope="col">Score</th><th scope="col">Findings</th><th scope="col">Time</th><th scope="col">What happened</th></tr></thead>
<tbody>${rows}</tbody>
</table>`;
}

function row({ iteration, score, findings, durationMs, accepted, refusedBecause, changes, revision, costUsd }: IterationReport, gain: string): Html {
  const cost = costUsd === undefined ? null : html`, ${costUsd} USD`;
  const verdict = accepted
    ? html`<span class="verdict-word">Accepted</span>`
    : html`<span class="verdict-word refused">Refused.</span> <span class="because">${refusedBecause ?? ''}</span>`;
  return html`<tr><th scope="row">${iteration}</th><td data-label="Score"><b>${scoreWord(score)}</b> <span class="${gainClass(gain)}">${gain}</span></td><td data-label="Findings">${findings}</td><td data-label="Time">${durationWord(
    durationMs,
  )}${cost}</td><td class="story">${verdict} <code class="hash">${revision.sha256.slice(0, 12)}</code>${
    changes.length === 0 ? null : html`<ul>${changes.map((change) => html`<li>${change}</li>`)}</ul>`
  }</td></tr>
`;
}

function gainClass(gain: string): string {
  if (gain.startsWith('−')) return 'gain lost';
  return gain === '±0' ? 'gain none' : 'gain';
}
