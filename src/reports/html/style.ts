import { createHash } from 'node:crypto';
import { partStyle } from './style-parts.ts';

// The page: colours, type, the two columns, paper.
const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1a2028; --soft: #586271; --faint: #8a94a2; --line: #e3e7ec; --wash: #f5f7f9;
  --indigo: #34568f; --good: #1f7d4f; --fair: #96630a; --bad: #b5391f;
  --added: #e4f5ea; --added-mark: #b4e2c5; --removed: #fdebe7; --removed-mark: #f8c8bd;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161c; --ink: #e3e8ee; --soft: #a3adba; --faint: #76818f; --line: #2a323c; --wash: #1a2027;
    --indigo: #8aaee8; --good: #6cc697; --fair: #e0b055; --bad: #f28d76;
    --added: #14291f; --added-mark: #235139; --removed: #331b18; --removed-mark: #6b2d23;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans); overflow-wrap: anywhere; }
main { max-width: 68rem; margin: 0 auto; padding: 3.5rem clamp(1.25rem, 5vw, 3rem) 5rem; }
p, ul, dl, h1, h2, h3, table { margin: 0; padding: 0; }
code { font: 0.875em/1.5 var(--mono); }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; }
ul { list-style: none; }

header { margin-bottom: 3.25rem; }
.kicker { color: var(--soft); font-size: 0.875rem; }
h1 { margin: 0.25rem 0 1rem; font-size: clamp(1.5rem, 1.1rem + 1.6vw, 2.125rem); line-height: 1.25; font-weight: 650; letter-spacing: -0.012em; }
.verdict { display: flex; gap: 0.7rem; align-items: flex-start; max-width: 44rem; font-size: 1.125rem; line-height: 1.5; }
.verdict svg { flex: none; margin-top: 0.15rem; }
.verdict circle { fill: currentColor; }
.verdict path { fill: none; stroke: var(--paper); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.verdict.good svg { color: var(--good); } .verdict.fair svg { color: var(--fair); } .verdict.bad svg { color: var(--bad); }
.reason, .said, .advice, .words, .lead { white-space: pre-wrap; }

.error { max-width: 44rem; margin-top: 1.5rem; padding: 0.9rem 1.15rem; border: 1px solid var(--bad); border-radius: 6px; background: var(--removed); }
.error strong { color: var(--bad); }

.figures { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 1.25rem 3.5rem; margin-top: 2.25rem; font-variant-numeric: tabular-nums; }
.score { display: flex; align-items: baseline; gap: 0.9rem; font-size: clamp(2.75rem, 2rem + 3vw, 4.25rem); line-height: 1; letter-spacing: -0.03em; }
.score .before { color: var(--faint); font-weight: 400; }
.score .arrow { color: var(--faint); font-size: 0.6em; font-weight: 400; align-self: center; }
.score .after { font-weight: 650; }
.score .none { color: var(--soft); font-size: 0.6em; font-weight: 500; letter-spacing: -0.01em; }
.score .good { color: var(--good); } .score .bad { color: var(--bad); }
.figures dl { display: flex; flex-wrap: wrap; gap: 0.75rem 2.25rem; }
.figures dt { color: var(--soft); font-size: 0.875rem; line-height: 1.3; }
.figures dd { margin: 0; font-size: 1.125rem; font-weight: 600; line-height: 1.4; }

section { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 1rem 2.5rem; padding: 2.25rem 0; border-top: 1px solid var(--line); }
h2 { font-size: 1.0625rem; line-height: 1.4; font-weight: 650; }
.side p { color: var(--soft); font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.quiet { margin-top: 1.25rem; color: var(--soft); font-size: 0.875rem; max-width: 44rem; }

@media (max-width: 52rem) {
  main { padding-top: 2rem; }
  section { grid-template-columns: minmax(0, 1fr); padding: 1.75rem 0; }
  .side { display: flex; align-items: baseline; gap: 0.75rem; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --ink: #000000; --soft: #45505d; --faint: #78828f; --line: #cfd5dc; --wash: #f5f7f9;
    --indigo: #34568f; --good: #1f7d4f; --fair: #96630a; --bad: #b5391f;
    --added: #e4f5ea; --added-mark: #b4e2c5; --removed: #fdebe7; --removed-mark: #f8c8bd;
  }
  @page { size: A4; margin: 16mm 15mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  html { font-size: 9.5pt; }
  body { line-height: 1.45; }
  main { max-width: none; padding: 0; }
  header { margin-bottom: 1.5rem; }
  section { grid-template-columns: minmax(0, 1fr); gap: 0.6rem; padding: 1.1rem 0; }
  .side { display: flex; align-items: baseline; gap: 0.75rem; break-after: avoid; }
  h3 { break-after: avoid; }
  li, tr, .error, svg { break-inside: avoid; }
}
`;

/** The whole style sheet, as it stands between the style tags. */
export const style = pageStyle + partStyle;

/** The only style sheet that the page's policy lets act. */
export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;
