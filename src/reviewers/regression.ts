import { severityRank } from '#domain/finding.ts';
import type { Analysis } from './analyze.ts';

export interface Analysed {
  readonly text: string;
  readonly analysis: Analysis;
}

/** What an edited text has lost against the one before, or null where every edit may stay. */
export function regressionOf(before: Analysed, after: Analysed): string | null {
  if (after.text.trim() === '') return 'nothing is left';
  if (before.text.endsWith('\n') !== after.text.endsWith('\n')) return 'the end of the last line changed';
  if (before.analysis.parses !== false && after.analysis.parses === false) return 'it no longer parses';
  if (newFailure(before.analysis, after.analysis)) return 'an engine fails on it';
  if (after.analysis.lost.length > 0) return 'something that others use is gone';
  return newFinding(before.analysis, after.analysis);
}

function newFailure(before: Analysis, after: Analysis): boolean {
  const failed = new Set(before.engines.filter(({ error }) => error !== undefined).map(({ id }) => id));
  return after.engines.some(({ id, error }) => error !== undefined && !failed.has(id));
}

// By rule and number, not by id: an edit changes the line, and so the id, of what stood beside it.
function newFinding(before: Analysis, after: Analysis): string | null {
  const known = countByRule(before);
  for (const [rule, count] of countByRule(after)) if (count > (known.get(rule) ?? 0)) return `it brings ${rule}`;
  return null;
}

function countByRule({ findings }: Analysis): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { finding } of findings) {
    if (severityRank(finding.severity) > severityRank('medium')) continue;
    counts.set(finding.ruleId, (counts.get(finding.ruleId) ?? 0) + 1);
  }
  return counts;
}
