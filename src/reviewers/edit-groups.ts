import { isScored, severityRank, type Finding } from '#domain/finding.ts';
import type { Edit } from './engines/engine.ts';
import type { EditableFinding } from './merge-findings.ts';

/** Edits that are applied together or not at all, and the findings they settle. */
export interface EditGroup {
  readonly edits: readonly Edit[];
  readonly findings: readonly Finding[];
}

/** What can be applied at once: most severe first, cosmetics last, and nothing that gets in the way of an earlier group. */
export function editGroups(findings: readonly EditableFinding[]): EditGroup[] {
  const groups: EditGroup[] = [];
  for (const group of joined(findings).toSorted(byImportance)) {
    if (!groups.some((chosen) => conflict(chosen.edits, group.edits))) groups.push(group);
  }
  return groups;
}

/** The text after all edits of the groups, which must not conflict. */
export function applyGroups(text: string, groups: readonly EditGroup[]): string {
  let result = '';
  let at = 0;
  for (const edit of groups.flatMap(({ edits }) => edits).toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

// One edit may settle several findings: two names of one import line.
function joined(findings: readonly EditableFinding[]): EditGroup[] {
  const groups = new Map<string, EditGroup>();
  for (const { finding, edits } of findings) {
    if (edits.length === 0) continue;
    const key = JSON.stringify(edits);
    groups.set(key, { edits, findings: [...(groups.get(key)?.findings ?? []), finding] });
  }
  return [...groups.values()];
}

function byImportance(a: EditGroup, b: EditGroup): number {
  return importance(a) - importance(b) || a.edits[0]!.start - b.edits[0]!.start;
}

function importance({ findings }: EditGroup): number {
  return Math.min(...findings.map(({ category, severity }) => severityRank(severity) + (isScored(category) ? 0 : 10)));
}

// Also where both begin at one place: which comes first would be a guess.
function conflict(some: readonly Edit[], others: readonly Edit[]): boolean {
  return some.some((a) => others.some((b) => a.start === b.start || (a.start < b.end && b.start < a.end)));
}
