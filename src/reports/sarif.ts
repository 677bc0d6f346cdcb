import type { Finding, Severity } from '#domain/finding.ts';
import type { Report } from '#domain/report.ts';
import { groupByRule, suppressionWords } from './groups.ts';
import { writeJson } from './json.ts';

const schemaUri = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' };

/** SARIF 2.1.0: every finding as a result, the ones that do not count as suppressed; columns in UTF-16 units as in the report. */
export function renderSarif(report: Report): string {
  const ruleIds = [...new Set(groupByRule(report.findings).map((group) => group.ruleId))];
  const run = {
    tool: { driver: { name: 'Koubou', rules: ruleIds.map((id) => ({ id })) } },
    automationDetails: { id: `koubou/${report.runId}` },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: report.state !== 'failed' && report.outcome !== 'not_judged' }],
    results: report.findings.map((finding) => result(finding, ruleIds.indexOf(finding.ruleId))),
    properties: { ready: report.ready, outcome: report.outcome, initialScore: report.initialScore, finalScore: report.finalScore, targetScore: report.targetScore },
  };
  return writeJson({ $schema: schemaUri, version: '2.1.0', runs: [run] });
}

function result(finding: Finding, ruleIndex: number): object {
  const { id, ruleId, message, suggestion, severity, category, confidence, source, cwe, suppressed } = finding;
  return {
    ruleId,
    ruleIndex,
    level: levels[severity],
    message: { text: suggestion === undefined ? message : `${message} ${suggestion}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(finding.place.path) }, region: region(finding) } }],
    partialFingerprints: { 'koubou/v1': id },
    ...(suppressed === undefined ? {} : { suppressions: [{ kind: 'external', justification: suppressionWords[suppressed] }] }),
    properties: { severity, category, confidence, source, ...(cwe === undefined ? {} : { cwe }) },
  };
}

function region({ place }: Finding): object {
  const startLine = Math.max(1, place.line);
  const startColumn = Math.max(1, place.column);
  const endLine = Math.max(startLine, place.endLine);
  return { startLine, startColumn, endLine, endColumn: Math.max(endLine === startLine ? startColumn : 1, place.endColumn) };
}

// A path is not a URI: '#', '?', '%' and blanks in it are characters of a file name. Halves of surrogate pairs have no UTF-8.
function uriOf(path: string): string {
  return path.toWellFormed().split('/').map((part) => encodeURIComponent(part)).join('/');
}
