import type { Finding } from '#domain/finding.ts';
import type { Report } from '#domain/report.ts';
import { groupByRule, groupBySeverity, leftOutWord, splitFindings, suppressionWords, type RuleGroup } from '#reports/groups.ts';
import { capitalized, counted, placeWord } from '#reports/wording.ts';
import { html, type Html } from './template.ts';

/** More would make the page slow to open; the JSON report has every finding. */
const findingsShown = 1_000;
const linesShown = 20;

/** What is left, grouped by severity, worst first; then what does not count and why. */
export function remainingFindings(report: Report): Html {
  const { open, suppressed } = splitFindings(report.findings);
  const total = Math.max(report.findingCount, open.length);
  if (total === 0) return html`<p>No open finding.</p>${uncounted(suppressed)}`;
  const groups = groupBySeverity(open.slice(0, findingsShown));
  return html`${groups.map(
    ({ severity, findings }) => html`<h3 class="severity ${severity}">${capitalized(severity)} <span class="count">${findings.length}</span></h3>
<ul class="findings">${findings.map(item)}</ul>
`,
  )}${more(total - Math.min(open.length, findingsShown), 'finding')}${uncounted(suppressed)}`;
}

function item(finding: Finding): Html {
  const { message, suggestion, ruleId, category, cwe, fixable, source, alsoReportedBy = [] } = finding;
  const sources = [...(ruleId.startsWith(`${source}/`) ? [] : [source]), ...alsoReportedBy.map((other) => `also ${other}`)].join(', ');
  return html`<li><p class="said">${message}</p>${suggestion === undefined ? null : html`<p class="advice">${suggestion}</p>`}<p class="facts"><code class="place">${placeWord(
    finding,
  )}</code> <code>${ruleId}</code> <span>${category}</span> ${cwe === undefined ? null : html`<span>${cwe}</span> `}${sources === '' ? null : html`<span>${sources}</span> `}${
    fixable ? html`<span>has a safe fix</span>` : null
  }</p></li>
`;
}

function uncounted(suppressed: readonly Finding[]): Html | null {
  if (suppressed.length === 0) return null;
  const items = suppressed.slice(0, findingsShown).map(
    (finding) => html`<li><p class="said">${finding.message}</p><p class="facts"><code class="place">${placeWord(finding)}</code> <code>${finding.ruleId}</code> <span>${
      suppressionWords[finding.suppressed!]
    }</span></p></li>
`,
  );
  return html`<h3 class="severity uncounted">Left out <span class="count">${suppressed.length}</span></h3>
<p class="quiet">${leftOutWord(suppressed)}.</p>
<ul class="findings">${items}</ul>${more(suppressed.length - findingsShown, 'finding')}`;
}

/** What the best revision no longer has, grouped by rule. */
export function fixedFindings({ fixed }: Report): Html {
  const groups = groupByRule(fixed);
  return html`<ul class="fixed">${groups.slice(0, findingsShown).map(fixedItem)}</ul>${more(groups.length - findingsShown, 'rule')}`;
}

function fixedItem({ ruleId, message, findings }: RuleGroup): Html {
  const lines = [...new Set(findings.map((finding) => finding.place.line))].toSorted((a, b) => a - b);
  const shown = `${lines.slice(0, linesShown).join(', ')}${lines.length > linesShown ? ', …' : ''}`;
  return html`<li><span class="times">${findings.length}×</span><div><p class="said">${message}</p><p class="facts"><code>${ruleId}</code> <span>${
    lines.length === 1 ? 'line' : 'lines'
  } ${shown}</span></p></div></li>
`;
}

function more(count: number, noun: string): Html | null {
  return count > 0 ? html`<p class="quiet">And ${counted(count, `more ${noun}`)}; the JSON report has all.</p>` : null;
}
