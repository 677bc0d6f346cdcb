import { AppError } from '#domain/errors.ts';
import type { ModelProvider } from '#reviewers/providers/provider.ts';
import type { Improver, ImproveInput, ImproveResult, ReviewerQueue, WorkContext } from '#reviewers/reviewer.ts';
import { replaceAt } from './apply-edits.ts';
import { startAsking, type Asking, type CostOf } from './asking.ts';
import { describeEdits } from './describe-edits.ts';
import { askAgain, improveInstructions, improveQuestion } from './improve-prompt.ts';
import type { LocatedEdit } from './locate-edits.ts';
import { readImprovement, type Improvement } from './read-improvement.ts';
import { sectionsOf, type Section } from './sections.ts';
import { isShort } from './whole-text.ts';

export interface ModelImproverSetup {
  readonly provider: ModelProvider;
  readonly version: string;
  readonly queue: ReviewerQueue;
  readonly costOf?: CostOf;
  readonly prompts: { readonly improve: string };
}

/**
 * The improver that asks a model. The edits of an answer are applied all together or not at all; an answer that cannot be
 * applied is asked for once more, with the reasons.
 *
 * Out     text null without a question where there is neither a finding nor a criterion, and where the model has nothing to
 *         improve or only repeats what was refused before; a long text is improved piece by piece
 * Fails   UnreadableOutput EDITS_NOT_APPLICABLE · Refused PROVIDER_REFUSED · TimedOut ASK_OUT_OF_TIME · as the provider's `ask`
 */
export function createModelImprover(setup: ModelImproverSetup): Improver {
  return {
    id: setup.provider.id,
    version: setup.version,
    queue: setup.queue,
    asksModel: true,
    improve: (input, context) => improve(setup, input, context),
  };
}

async function improve(setup: ModelImproverSetup, input: ImproveInput, context: WorkContext): Promise<ImproveResult> {
  const isAsked = input.findings.length > 0 || (input.criteria ?? []).length > 0;
  const sections = isAsked ? sectionsOf(input.text, input.findings) : [];
  if (sections.length === 0) return { text: null, changes: [] };
  const asking = startAsking(setup, context);
  const edits = await collectEdits({ setup, input, asking }, sections);
  return { ...improved(setup, input, edits), usage: asking.usage() };
}

async function collectEdits(work: Work, sections: readonly Section[]): Promise<LocatedEdit[]> {
  const edits: LocatedEdit[] = [];
  const reasons: string[] = [];
  for (const section of sections) {
    if (edits.length > 0 && !work.asking.hasTime()) break;
    const improvement = await improveSection(work, section);
    if (improvement.kind === 'edits') edits.push(...apart(improvement.edits, edits));
    else if (improvement.kind === 'refused') reasons.push(...improvement.reasons);
  }
  if (edits.length === 0 && reasons.length > 0) throw notApplicable(work.setup, reasons);
  return edits.toSorted((a, b) => a.start - b.start);
}

interface Work {
  readonly setup: ModelImproverSetup;
  readonly input: ImproveInput;
  readonly asking: Asking;
}

async function improveSection({ setup, input, asking }: Work, section: Section): Promise<Improvement> {
  const question = improveQuestion({ template: setup.prompts.improve, input, section, mayBeWhole: isShort(input.text) });
  const answered = { text: input.text, section, tag: question.tag, refused: input.refused.map(({ sha256 }) => sha256) };
  const first = await asking.ask({ instructions: improveInstructions, prompt: question.prompt });
  const improvement = readImprovement(first, answered);
  if (improvement.kind === 'edits') return improvement;
  const answer = first.finish === 'length' ? '' : first.text;
  const second = await asking.ask({ instructions: improveInstructions, prompt: askAgain(question, { answer, reasons: improvement.reasons }) });
  return readImprovement(second, answered);
}

// The lines around a section belong to its neighbour too: what one answer changed, a later one does not change as well.
function apart(edits: readonly LocatedEdit[], taken: readonly LocatedEdit[]): readonly LocatedEdit[] {
  const meets = edits.some(({ start, end }) => taken.some((other) => start < other.end && other.start < end));
  return meets ? [] : edits;
}

function improved(setup: ModelImproverSetup, input: ImproveInput, edits: readonly LocatedEdit[]): ImproveResult {
  const applied = replaceAt(input.text, edits);
  if (applied.kind === 'refused') throw notApplicable(setup, applied.reasons);
  return applied.text === input.text ? { text: null, changes: [] } : { text: applied.text, changes: describeEdits(input.text, edits) };
}

function notApplicable({ provider }: ModelImproverSetup, reasons: readonly string[]): AppError {
  return new AppError('UnreadableOutput', 'EDITS_NOT_APPLICABLE', `The edits that ${provider.id} wrote could not be applied, twice. ${reasons.slice(0, 3).join(' ')}`);
}
