import { createHash } from 'node:crypto';
import type { ModelAnswer } from '#reviewers/providers/provider.ts';
import { replaceAt } from './apply-edits.ts';
import { readEditBlocks, type EditAnswer, type MarkerTag } from './edit-blocks.ts';
import { bringsHiddenValue, hiddenValueReason } from './hidden-values.ts';
import { locateEdits, type Located, type LocatedEdit } from './locate-edits.ts';
import type { Section } from './sections.ts';
import { applyWhole } from './whole-text.ts';

export type Improvement =
  /** In order of their places; none where the model has nothing to improve. */
  | { readonly kind: 'edits'; readonly edits: readonly LocatedEdit[] }
  /** 'repeated': it can be applied, but makes a text that was refused before. One sentence for each thing that is wrong, for the model. */
  | { readonly kind: 'refused' | 'repeated'; readonly reasons: readonly string[] };

export interface AnsweredQuestion {
  /** The whole text of the revision. */
  readonly text: string;
  readonly section: Section;
  readonly tag: MarkerTag;
  /** Hex SHA-256 of texts that were refused before. */
  readonly refused: readonly string[];
}

/** What an answer does to the text, or why it cannot be applied. An answer that was cut off is never applied, whatever it holds. */
export function readImprovement({ text, finish }: Pick<ModelAnswer, 'text' | 'finish'>, question: AnsweredQuestion): Improvement {
  if (finish === 'length') return refused('It was cut off at the limit of its length. Write fewer and smaller edits, for the worst findings only.');
  const located = locate(readEditBlocks(text, question.tag), question);
  if (located.kind === 'refused') return located;
  const applied = replaceAt(question.text, located.edits);
  if (applied.kind === 'refused') return applied;
  if (applied.text === question.text) return { kind: 'edits', edits: [] };
  if (bringsHiddenValue(applied.text, question.text)) return refused(hiddenValueReason);
  if (!question.refused.includes(sha256(applied.text))) return { kind: 'edits', edits: located.edits };
  return { kind: 'repeated', reasons: ['It makes exactly a text that was refused before. Settle the findings in another way, or answer NOTHING TO IMPROVE.'] };
}

function locate(answer: EditAnswer, { text, section }: AnsweredQuestion): Located {
  if (answer.kind === 'unreadable') return { kind: 'refused', reasons: answer.reasons };
  if (answer.kind === 'nothing') return { kind: 'located', edits: [] };
  if (answer.kind === 'edits') return locateEdits(text, answer.edits, section);
  const applied = applyWhole(text, answer.text);
  if (applied.kind === 'refused') return applied;
  return { kind: 'located', edits: [{ start: 0, end: text.length, replacement: applied.text, ...(answer.why === undefined ? {} : { why: answer.why }) }] };
}

function refused(reason: string): Improvement {
  return { kind: 'refused', reasons: [reason] };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
