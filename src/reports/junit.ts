import { isScored, type Finding } from '#domain/finding.ts';
import type { Report } from '#domain/report.ts';
import { splitFindings, suppressionWords } from './groups.ts';
import { visible } from './visible.ts';
import { artifactName, headline, placeWord } from './wording.ts';

/**
 * JUnit XML: one suite per report, a test case for the target and one per finding.
 *
 * A suite fails exactly where the run misses its target; then the findings that cost points are failures too, as what has to be
 * done. Style, documentation and info never fail a suite; findings that do not count are skipped ones.
 */
export function renderJunit(report: Report): string {
  const { open, suppressed } = splitFindings(report.findings);
  const missed = report.outcome !== 'target_reached';
  const failing = new Set(missed ? open.filter((finding) => isScored(finding.category) && finding.severity !== 'info') : []);
  const judged = report.finalScore !== null && report.state !== 'failed';
  const cases = [targetCase(report, judged, missed), ...open.map((finding) => findingCase(finding, failing.has(finding))), ...suppressed.map(skippedCase)];
  const totals = [
    `tests="${cases.length}"`,
    `failures="${failing.size + (missed && judged ? 1 : 0)}"`,
    `errors="${judged ? 0 : 1}"`,
    `skipped="${suppressed.length}"`,
    `time="${seconds(report)}"`,
  ].join(' ');
  const suite = `  <testsuite name="${escaped(artifactName(report))}" ${totals}${timestamp(report)}>\n${cases.join('\n')}\n  </testsuite>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="koubou" ${totals}>\n${suite}\n</testsuites>\n`;
}

function targetCase(report: Report, judged: boolean, missed: boolean): string {
  const { reason, error } = report;
  const start = testCase('target score', 'koubou');
  if (!missed) return `${start}/>`;
  const element = judged ? 'failure' : 'error';
  const type = error?.code ?? report.outcome ?? report.state;
  return `${start}>\n      <${element} message="${escaped(headline(report))}" type="${escaped(type)}">${escaped(reason)}</${element}>\n    </testcase>`;
}

function findingCase(finding: Finding, fails: boolean): string {
  const { message, suggestion, severity, ruleId } = finding;
  const start = testCase(`${ruleId} ${placeWord(finding)}`, finding.place.path);
  const text = suggestion === undefined ? message : `${message}\n${suggestion}`;
  if (!fails) return `${start}>\n      <system-out>${escaped(`${severity}: ${text}`)}</system-out>\n    </testcase>`;
  return `${start}>\n      <failure message="${escaped(message)}" type="${severity}">${escaped(`${placeWord(finding)}\n${text}`)}</failure>\n    </testcase>`;
}

function skippedCase(finding: Finding): string {
  const why = suppressionWords[finding.suppressed!];
  return `${testCase(`${finding.ruleId} ${placeWord(finding)}`, finding.place.path)}>\n      <skipped message="${escaped(why)}"/>\n    </testcase>`;
}

function testCase(name: string, className: string): string {
  return `    <testcase name="${escaped(name)}" classname="${escaped(className)}"`;
}

function seconds({ iterations }: Report): string {
  return (iterations.reduce((sum, iteration) => sum + iteration.durationMs, 0) / 1_000).toFixed(3);
}

function timestamp({ startedAt }: Report): string {
  return Number.isNaN(Date.parse(startedAt)) ? '' : ` timestamp="${new Date(startedAt).toISOString()}"`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

// Characters that XML forbids are shown as text; line breaks survive attribute normalisation as references.
function escaped(text: string): string {
  return visible(text).replace(/[&<>"\n\t]/g, (character) => entities[character]!);
}
