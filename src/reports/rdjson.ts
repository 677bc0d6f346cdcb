import type { Finding, Severity } from '#domain/finding.ts';
import type { Report } from '#domain/report.ts';
import { splitFindings } from './groups.ts';
import { writeJson } from './json.ts';

const levels: Readonly<Record<Severity, 'ERROR' | 'WARNING' | 'INFO'>> = { critical: 'ERROR', high: 'ERROR', medium: 'WARNING', low: 'INFO', info: 'INFO' };

/**
 * Reviewdog's diagnostic format: every finding that counts.
 *
 * Places are whole lines: the format counts columns in UTF-8 bytes, ours are UTF-16 units, and a report does not hold the text
 * that would be needed to convert them.
 */
export function renderRdjson(report: Report): string {
  const { open } = splitFindings(report.findings);
  return writeJson({ source: { name: 'koubou' }, diagnostics: open.map(diagnostic) });
}

function diagnostic({ message, suggestion, place, severity, source, ruleId }: Finding): object {
  return {
    message: suggestion === undefined ? message : `${message} ${suggestion}`,
    location: { path: place.path, range: { start: { line: place.line }, end: { line: lastLine(place) } } },
    severity: levels[severity],
    source: { name: source },
    code: { value: ruleId },
  };
}

// Our ends are exclusive: one at column 1 leaves its line out. Theirs include the last line when columns are missing.
function lastLine({ line, endLine, endColumn }: Finding['place']): number {
  return Math.max(line, endColumn <= 1 ? endLine - 1 : endLine);
}
