import { AppError } from '#domain/errors.ts';
import { isTooLong } from '#reviewers/judging/ask-beside-project.ts';
import type { CostOf } from '#reviewers/judging/ask-until-read.ts';
import { toTemplate, type PromptTemplate } from '#reviewers/judging/prompt-template.ts';
import type { ModelProvider } from '#reviewers/providers/provider.ts';
import type { Improver, ImproveInput, ImproveResult, ReviewerQueue } from '#reviewers/reviewer.ts';
import { replaceAt } from './apply-edits.ts';
import { startAsking, type Asking } from './asking.ts';
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
  /** The text of prompts/improve.md. */
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
  const template = toTemplate('prompts/improve.md', setup.prompts.improve);
  return {
    id: setup.provider.id,
    version: setup.version,
    queue: setup.queue,
    asksModel: true,
    improve: (input, context) => improveBesideProject({ setup, template, input, asking: startAsking(setup, context) }),
  };
}

interface Work {
  readonly setup: ModelImproverSetup;
  readonly template: PromptTemplate;
  readonly input: ImproveInput;
  readonly asking: Asking;
}

// Files of the project that a model has no room for are left out rather than the improvement.
async function improveBesideProject(work: Work): Promise<ImproveResult> {
  const { context = [], ...alone } = work.input;
  return improve(work).catch((error: unknown) => {
    if (context.length === 0 || !isTooLong(error)) throw error;
    return improve({ ...work, input: alone });
  });
}

async function improve(work: Work): Promise<ImproveResult> {
  const { findings, criteria = [], text } = work.input;
  const sections = findings.length > 0 || criteria.length > 0 ? sectionsOf(text, findings) : [];
  if (sections.length === 0) return { text: null, changes: [] };
  const edits = await collectEdits(work, sections);
  const applied = replaceAt(text, edits);
  if (applied.kind === 'refused') throw await notApplicable(work, applied.reasons);
  const usage = work.asking.usage();
  return applied.text === text ? { text: null, changes: [], usage } : { text: applied.text, changes: describeEdits(text, edits), usage };
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
  if (edits.length === 0 && reasons.length > 0) throw await notApplicable(work, reasons);
  return edits.toSorted((a, b) => a.start - b.start);
}

async function improveSection({ template, input, asking }: Work, section: Section): Promise<Improvement> {
  const question = improveQuestion({ template, input, section, mayBeWhole: isShort(input.text) });
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

async function notApplicable({ setup: { provider }, asking }: Work, reasons: readonly string[]): Promise<AppError> {
  await asking.forget();
  return new AppError('UnreadableOutput', 'EDITS_NOT_APPLICABLE', `The edits that ${provider.id} wrote could not be applied, twice. ${reasons.slice(0, 3).join(' ')}`, { isFinal: true });
}
