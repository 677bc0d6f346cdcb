import type { Finding } from '#domain/finding.ts';
import type { Report } from '#domain/report.ts';
import { groupByRule, groupBySeverity, leftOutWord, splitFindings } from '#reports/groups.ts';
import { capitalized, counted, placeWord } from '#reports/wording.ts';
import { code, text } from './text.ts';

/** A comment on a pull request holds 65,536 characters; the JSON report has every finding. */
const findingsShown = 100;
const linesShown = 12;

export function fixedSection({ fixed }: Report): string[] {
  if (fixed.length === 0) return [];
  const groups = groupByRule(fixed);
  const rows = groups.slice(0, findingsShown).map(({ ruleId, message, findings }) => `- ${findings.length}× ${text(message)} ${code(ruleId)}, ${lineList(findings)}`);
  return [`## Fixed: ${counted(fixed.length, 'finding')}`, rows.join('\n'), ...more(groups.length - findingsShown, 'rule')];
}

function lineList(findings: readonly Finding[]): string {
  const lines = [...new Set(findings.map((finding) => finding.place.line))];
  const shown = lines.slice(0, linesShown).join(', ');
  return `line${lines.length === 1 ? '' : 's'} ${shown}${lines.length > linesShown ? ', …' : ''}`;
}

export function remainingSection(report: Report): string[] {
  const { open, suppressed } = splitFindings(report.findings);
  const total = Math.max(report.findingCount, open.length);
  if (total === 0 && suppressed.length === 0) return report.finalScore === null ? [] : ['## Remaining', 'No open finding.'];
  const groups = groupBySeverity(open.slice(0, findingsShown)).flatMap((group) => [`### ${capitalized(group.severity)}`, group.findings.map(item).join('\n')]);
  return [`## Remaining: ${counted(total, 'finding')}`, ...groups, ...more(total - Math.min(open.length, findingsShown), 'finding'), ...(suppressed.length === 0 ? [] : [`${leftOutWord(suppressed)}.`])];
}

// A backslash at the end of a line is a line break.
function item(finding: Finding): string {
  const { message, suggestion, ruleId, category, cwe } = finding;
  const facts = [code(placeWord(finding)), code(ruleId), category, ...(cwe === undefined ? [] : [text(cwe)])].join(', ');
  const advice = suggestion === undefined ? '' : `\\\n  Suggestion: ${text(suggestion)}`;
  return `- ${text(message)}\\\n  ${facts}${advice}`;
}

function more(count: number, noun: string): string[] {
  return count > 0 ? [`And ${counted(count, `more ${noun}`)}; the JSON report has all.`] : [];
}
