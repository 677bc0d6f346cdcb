import type { Finding } from '#domain/finding.ts';
import type { Edit, RawFinding } from './engines/engine.ts';
import { positionsOf, type TextPositions } from './engines/text-positions.ts';
import { findingIds } from './finding-ids.ts';
import { redactor } from './redact.ts';

/** A finding together with the edits that its engine holds for safe. */
export interface EditableFinding {
  readonly finding: Finding;
  /** Empty where there is none; else all or nothing. */
  readonly edits: readonly Edit[];
}

export interface Engines {
  readonly path: string;
  readonly text: string;
  readonly findings: readonly RawFinding[];
}

/** All engines' findings as one list in the order of the text: with ids, each fault once, without secrets. */
export function mergeFindings({ path, text, findings }: Engines): EditableFinding[] {
  const positions = positionsOf(text);
  const redact = redactor(text, findings);
  const ids = findingIds();
  const sorted = unite(findings, positions).toSorted((a, b) => a.start - b.start || a.end - b.end || (a.ruleId < b.ruleId ? -1 : 1));
  return sorted.map((raw) => {
    const { line, column } = positions.placeOf(raw.start);
    const end = positions.placeOf(Math.max(raw.start, raw.end));
    const edits = raw.edits ?? [];
    const finding: Finding = {
      id: ids.next(raw.ruleId, positions.lineText(line)),
      ruleId: raw.ruleId,
      category: raw.category,
      severity: raw.severity,
      confidence: raw.confidence,
      message: redact(raw.message),
      ...(raw.suggestion === undefined ? {} : { suggestion: redact(raw.suggestion) }),
      place: { path, line, column, endLine: end.line, endColumn: end.column },
      source: sourceOf(raw.ruleId),
      ...(raw.cwe === undefined ? {} : { cwe: raw.cwe }),
      fixable: edits.length > 0,
      ...(raw.alsoReportedBy === undefined ? {} : { alsoReportedBy: raw.alsoReportedBy }),
    };
    return { finding, edits };
  });
}

type United = RawFinding & { readonly alsoReportedBy?: readonly string[] };

// Findings of one meaning on one line are one fault: the surest speaks, the others are named.
function unite(findings: readonly RawFinding[], positions: TextPositions): United[] {
  const groups = new Map<string, RawFinding[]>();
  for (const [index, finding] of findings.entries()) {
    const meaning = finding.meaning ?? finding.cwe;
    const key = meaning === undefined ? String(index) : `${positions.placeOf(finding.start).line} ${meaning}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap(uniteGroup);
}

// Only across engines: what one engine says twice on a line are two faults.
function uniteGroup(group: readonly RawFinding[]): United[] {
  const [surest] = group.toSorted((a, b) => b.confidence - a.confidence || (a.ruleId < b.ruleId ? -1 : 1));
  const source = sourceOf(surest!.ruleId);
  const spoken = group.filter(({ ruleId }) => sourceOf(ruleId) === source).toSorted((a, b) => a.start - b.start);
  const silent = group.filter(({ ruleId }) => sourceOf(ruleId) !== source).toSorted((a, b) => a.start - b.start);
  if (silent.length === 0) return spoken;
  const others = [...new Set(silent.map(({ ruleId }) => ruleId))];
  return [
    ...spoken.map((finding, index) => ({ ...finding, ...editsFor(finding, silent[index]), alsoReportedBy: others })),
    // More places than the surest engine saw.
    ...silent.slice(spoken.length),
  ];
}

function editsFor(finding: RawFinding, twin: RawFinding | undefined): Pick<RawFinding, 'edits'> {
  const edits = finding.edits ?? twin?.edits;
  return edits === undefined ? {} : { edits };
}

function sourceOf(ruleId: string): string {
  return ruleId.slice(0, ruleId.indexOf('/'));
}
