import type { EditGroup } from './edit-groups.ts';

/** One line per rule, in the order of application: 'ruff/F401: Remove unused import: `json` (and 2 more)'. */
export function describeChanges(applied: readonly EditGroup[]): string[] {
  const byRule = new Map<string, string[]>();
  for (const { ruleId, message, suggestion } of applied.flatMap(({ findings }) => findings)) {
    byRule.set(ruleId, [...(byRule.get(ruleId) ?? []), (suggestion ?? message).replace(/\.$/, '')]);
  }
  return [...byRule].map(([ruleId, texts]) => `${ruleId}: ${texts[0]!}${numberOf(texts)}`);
}

function numberOf(texts: readonly string[]): string {
  if (texts.length === 1) return '';
  return texts.every((text) => text === texts[0]) ? ` (${texts.length}×)` : ` (and ${texts.length - 1} more)`;
}
