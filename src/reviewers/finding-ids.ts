import { createHash } from 'node:crypto';

/** Names the findings of one revision so that the same fault has the same id in the next: no line number goes into it. */
export interface FindingIds {
  /**
   * Ask in the order of the text: equal rules on equal lines are told apart by their number.
   *
   * Out     16 hex digits of SHA-256 over rule, trimmed line and number
   */
  next(ruleId: string, lineText: string): string;
}

export function findingIds(): FindingIds {
  const seen = new Map<string, number>();
  return {
    next: (ruleId, lineText) => {
      const key = JSON.stringify([ruleId, lineText.trim()]);
      const occurrence = (seen.get(key) ?? 0) + 1;
      seen.set(key, occurrence);
      return createHash('sha256').update(`${key}#${occurrence}`).digest('hex').slice(0, 16);
    },
  };
}
