/** The parts of the page: chart, bars, lists, tables, diff. */
export const partStyle = `
.chart { display: block; overflow: visible; font-family: var(--sans); font-variant-numeric: tabular-nums; }
.chart .grid { stroke: var(--line); }
.chart .axis { fill: var(--soft); font-size: 12px; }
.chart .target { stroke: var(--soft); stroke-dasharray: 4 4; }
.chart .target-word { fill: var(--soft); font-size: 12px; }
.chart .path { stroke: var(--indigo); stroke-width: 2.25; stroke-linecap: round; }
.chart .path.refused { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 2 4; }
.chart .dot { fill: var(--indigo); stroke: var(--paper); stroke-width: 2; }
.chart .dot.refused { fill: var(--paper); stroke: var(--bad); stroke-width: 1.5; }
.chart .cross { fill: var(--bad); font-size: 12px; font-weight: 600; }
.chart .ring { fill: none; stroke: var(--indigo); stroke-width: 1.5; }
.chart .label { fill: var(--ink); font-size: 13px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.chart .best { font-weight: 650; }

.categories { display: grid; gap: 0.85rem; font-variant-numeric: tabular-nums; }
.categories li { display: grid; grid-template-columns: 6.5rem minmax(6rem, 1fr) 7.5rem 3.25rem 10rem; gap: 0 1.1rem; align-items: center; }
.categories .unassessed { grid-column: 2 / -1; color: var(--soft); }
.categories .scores { text-align: right; white-space: nowrap; }
.categories .by { color: var(--soft); font-size: 0.875rem; }
.bar { display: block; border-radius: 4px; background: var(--line); overflow: hidden; }
.bar .kept { fill: var(--indigo); }
.bar .gained { fill: var(--good); }
.bar .lost { fill: var(--bad); opacity: 0.45; }
.gain { color: var(--good); font-size: 0.875rem; white-space: nowrap; }
.gain.lost { color: var(--bad); }
.gain.none { color: var(--soft); }

h3 { font-size: 0.9375rem; line-height: 1.4; font-weight: 650; margin: 1.75rem 0 0.75rem; }
h3:first-child { margin-top: 0; }
.severity::before { content: ""; display: inline-block; width: 0.6rem; height: 0.6rem; margin-right: 0.55rem; border-radius: 2px; background: var(--faint); }
.severity.critical::before, .severity.high::before { background: var(--bad); }
.severity.high::before { opacity: 0.65; }
.severity.medium::before { background: var(--fair); }
.severity.low::before { background: var(--indigo); }
.count { color: var(--soft); font-weight: 400; }
.findings, .fixed { display: grid; gap: 1.1rem; max-width: 46rem; }
.said { font-weight: 500; }
.advice { color: var(--soft); }
.facts { color: var(--soft); font-size: 0.875rem; }
.facts > * { margin-right: 0.85rem; }
.facts .place { color: var(--indigo); }
.fixed li { display: grid; grid-template-columns: 2.25rem minmax(0, 1fr); gap: 0.75rem; }
.fixed { gap: 0.85rem; }
.fixed .times { text-align: right; color: var(--good); font-weight: 600; font-variant-numeric: tabular-nums; }
.lead { font-size: 1.125rem; line-height: 1.55; max-width: 44rem; }
.words { max-width: 44rem; margin-top: 0.75rem; }
.points { max-width: 44rem; padding-left: 1.2rem; list-style: disc; }

.iterations, .reviewers { font-variant-numeric: tabular-nums; }
.iterations th, .iterations td, .reviewers th, .reviewers td { padding: 0.6rem 1.1rem 0.6rem 0; border-top: 1px solid var(--line); vertical-align: top; text-align: left; }
.iterations thead th, .reviewers thead th { padding-top: 0; border-top: 0; color: var(--soft); font-size: 0.875rem; font-weight: 400; }
.iterations td:nth-child(-n + 4) { white-space: nowrap; }
.iterations .story { width: 55%; padding-right: 0; }
.iterations .story li { color: var(--soft); font-size: 0.9375rem; }
.iterations .story ul { margin-top: 0.3rem; display: grid; gap: 0.15rem; }
.verdict-word { font-weight: 600; }
.verdict-word.refused { color: var(--bad); }
.hash { color: var(--faint); margin-left: 0.4rem; }

.diff { border: 1px solid var(--line); border-radius: 6px; border-collapse: separate; border-spacing: 0; overflow: hidden; font: 0.8125rem/1.55 var(--mono); tab-size: 4; }
.diff td { padding: 0 0.5rem; vertical-align: top; }
.diff .number { width: 1%; min-width: 2.6rem; text-align: right; color: var(--faint); white-space: nowrap; user-select: none; font-variant-numeric: tabular-nums; }
.diff .sign { width: 1.25rem; padding: 0; text-align: center; color: var(--soft); user-select: none; }
.diff .code { padding-left: 0.25rem; white-space: pre-wrap; }
.diff .added { background: var(--added); } .diff .added mark { background: var(--added-mark); }
.diff .removed { background: var(--removed); } .diff .removed mark { background: var(--removed-mark); }
.diff mark { color: inherit; border-radius: 2px; }
.diff .hunk td, .diff .note td { background: var(--wash); color: var(--soft); padding-top: 0.2rem; padding-bottom: 0.2rem; }

dl.run { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 2.5rem; margin-bottom: 2rem; }
dl.run dt { color: var(--soft); font-size: 0.875rem; }
dl.run dd { margin: 0; }
.reviewers .engine th, .reviewers .engine td { padding-top: 0; border-top: 0; color: var(--soft); font-size: 0.9375rem; }
.reviewers .engine th { padding-left: 1.1rem; font-weight: 400; }
.reviewers .failed { color: var(--bad); }

@media screen and (max-width: 52rem) {
  .categories li { grid-template-columns: minmax(0, 1fr) auto auto; row-gap: 0.3rem; }
  .categories .bar { grid-column: 1 / -1; grid-row: 2; }
  .categories .by { grid-column: 1 / -1; }
  .categories .unassessed { grid-column: 2 / -1; text-align: right; }
}
@media screen and (max-width: 40rem) {
  .chart .caption { display: none; }
  .iterations thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .iterations tr { display: grid; grid-template-columns: auto 1fr; gap: 0 1.5rem; padding: 0.75rem 0; border-top: 1px solid var(--line); }
  .iterations th, .iterations td { border: 0; padding: 0; }
  .iterations tr > th { grid-column: 1 / -1; }
  .iterations tr > th::before { content: "Iteration "; }
  .iterations td[data-label] { grid-column: 1 / -1; display: flex; align-items: baseline; gap: 0.5rem; }
  .iterations td[data-label]::before { content: attr(data-label); flex: none; width: 5.5rem; color: var(--soft); }
  .iterations .story { grid-column: 1 / -1; width: auto; padding-top: 0.3rem; }
  .reviewers thead { display: none; }
  .reviewers tr { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: 0.5rem 0; }
  .reviewers .reviewer { border-top: 1px solid var(--line); }
  .reviewers tr > *:nth-child(n) { border: 0; padding-top: 0; padding-bottom: 0; padding-right: 0; }
  .reviewers td:nth-child(even) { text-align: right; }
  .reviewers td:nth-child(3) { grid-column: 1; grid-row: 2; padding-left: 1.1rem; color: var(--soft); font-size: 0.9375rem; }
  dl.run { grid-template-columns: minmax(0, 1fr); }
  .diff { font-size: 0.75rem; }
  .diff .number:first-child { display: none; }
  .diff .number { min-width: 1.9rem; padding: 0 0.25rem; }
}
`;
