import type { Finding, Severity } from '#domain/finding.ts';
import type { Report } from '#domain/report.ts';
import { groupByRule, leftOutWord, splitFindings, type RuleGroup } from '#reports/groups.ts';
import { visibleLine } from '#reports/visible.ts';
import { displayWidth, fitTo, padTo } from '#reports/width.ts';
import { counted, placeWord } from '#reports/wording.ts';
import type { Paint } from './paint.ts';

/** As many as fit on a screen beside the rest; the report has all. */
const rulesShown = 10;
const findingsShown = 15;

/** The widest a column of places may get before messages lose too much room. */
const placeWidthLimit = 48;

/** With less room than this beside its place a message goes on a line of its own. */
const leastRoom = 48;

/** What was fixed, grouped by rule: how often, what, which rule. */
export function fixedLines(report: Report, paint: Paint, width: number): string[] {
  if (report.fixed.length === 0) return [];
  const groups = groupByRule(report.fixed);
  const lines = groups.slice(0, rulesShown).map((group) => fixedLine(group, paint, width));
  return [paint.bold(`Fixed ${counted(report.fixed.length, 'finding')}`), ...lines, ...moreLine(groups.length - rulesShown, 'rule', paint)];
}

function fixedLine({ ruleId, message, findings }: RuleGroup, paint: Paint, width: number): string {
  const count = `${findings.length}${paint.signs.times}`.padStart(6);
  return `${count}  ${said(message, ruleId, paint, width - 8)}`;
}

/** What is left, worst first, with its place; then how many do not count and why. */
export function remainingLines(report: Report, paint: Paint, width: number): string[] {
  const { open, suppressed } = splitFindings(report.findings);
  const total = Math.max(report.findingCount, open.length);
  const leftOut = leftOutWord(suppressed);
  const leftOutLine = leftOut === '' ? [] : [paint.dim(`  ${leftOut}`)];
  if (total === 0) return leftOut === '' ? [] : [paint.bold('Remaining 0 findings'), ...leftOutLine];
  const shown = open.slice(0, findingsShown);
  const places = shown.map((finding) => visibleLine(placeWord(finding)));
  const placeWidth = Math.min(placeWidthLimit, Math.max(...places.map((place) => displayWidth(place))));
  const lines = shown.map((finding, index) => findingLine(finding, padTo(places[index]!, placeWidth), paint, width));
  return [paint.bold(`Remaining ${counted(total, 'finding')}`), ...lines, ...moreLine(total - shown.length, 'finding', paint), ...leftOutLine];
}

function findingLine(finding: Finding, place: string, paint: Paint, width: number): string {
  const { severity, message, ruleId } = finding;
  const start = `  ${tint(severity, paint)(severity.padEnd(10))}${place}`;
  const room = width - 12 - displayWidth(place) - 2;
  if (room >= leastRoom) return `${start}  ${said(message, ruleId, paint, room)}`;
  return `${start.trimEnd()}\n${' '.repeat(12)}${said(message, ruleId, paint, width - 12)}`;
}

// The message first; its rule behind it where there is room for both.
function said(message: string, ruleId: string, paint: Paint, room: number): string {
  const text = visibleLine(message);
  const rule = visibleLine(ruleId);
  const short = fitTo(text, room, paint.signs.ellipsis);
  return displayWidth(short) + 2 + displayWidth(rule) <= room ? `${short}  ${paint.dim(rule)}` : short;
}

function tint(severity: Severity, paint: Paint): (text: string) => string {
  if (severity === 'critical' || severity === 'high') return paint.bad;
  return severity === 'medium' ? paint.fair : paint.dim;
}

function moreLine(count: number, noun: string, paint: Paint): string[] {
  return count > 0 ? [paint.dim(`  and ${counted(count, `more ${noun}`)}`)] : [];
}
