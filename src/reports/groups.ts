import { compareFindings, severities, type Finding, type Severity } from '#domain/finding.ts';
import { counted } from './wording.ts';

/** Findings of one rule with one message. */
export interface RuleGroup {
  readonly ruleId: string;
  readonly message: string;
  readonly findings: readonly Finding[];
}

/** Findings grouped by rule and message: worst first, then the most frequent. */
export function groupByRule(findings: readonly Finding[]): RuleGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.ruleId, finding.message]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  return [...groups.values()]
    .map((group) => group.toSorted(compareFindings))
    .toSorted((a, b) => severities.indexOf(a[0]!.severity) - severities.indexOf(b[0]!.severity) || b.length - a.length || compareFindings(a[0]!, b[0]!))
    .map((group) => ({ ruleId: group[0]!.ruleId, message: group[0]!.message, findings: group }));
}

/** Those that count and those that do not (outside the lines, in the baseline, …), each worst first. */
export function splitFindings(findings: readonly Finding[]): { readonly open: readonly Finding[]; readonly suppressed: readonly Finding[] } {
  const sorted = findings.toSorted(compareFindings);
  return { open: sorted.filter((finding) => finding.suppressed === undefined), suppressed: sorted.filter((finding) => finding.suppressed !== undefined) };
}

/** Worst severity first; severities without a finding are left out. */
export function groupBySeverity(findings: readonly Finding[]): { readonly severity: Severity; readonly findings: readonly Finding[] }[] {
  return severities.map((severity) => ({ severity, findings: findings.filter((finding) => finding.severity === severity) })).filter((group) => group.findings.length > 0);
}

/** Why a finding does not count, for people. */
export const suppressionWords: Readonly<Record<NonNullable<Finding['suppressed']>, string>> = {
  outside_lines: 'outside the lines asked for',
  baseline: 'in the baseline',
  below_min_severity: 'below the least severity asked for',
  not_requested: 'of a category not asked for',
};

/** '3 findings are left out (2 below the least severity asked for, 1 in the baseline)'; '' where none is. A score does not count them. */
export function leftOutWord(findings: readonly Finding[]): string {
  const reasons = findings.flatMap(({ suppressed }) => suppressed ?? []);
  if (reasons.length === 0) return '';
  const counts = [...new Set(reasons)].map((reason) => ({ reason, count: reasons.filter((each) => each === reason).length })).toSorted((a, b) => b.count - a.count);
  const parts = counts.map(({ reason, count }) => `${count.toLocaleString('en-US')} ${suppressionWords[reason]}`);
  return `${counted(reasons.length, 'finding')} ${reasons.length === 1 ? 'is' : 'are'} left out (${parts.join(', ')})`;
}
