import { createHash } from 'node:crypto';
import { isScored } from '#domain/finding.ts';
import { analyze, type Analysis } from './analyze.ts';
import { describeChanges } from './describe-changes.ts';
import { applyGroups, editGroups, type EditGroup } from './edit-groups.ts';
import type { EnginePool } from './engines/pool.ts';
import { regressionOf } from './regression.ts';
import type { Improver, ImproveInput, ImproveResult, WorkContext } from './reviewer.ts';
import { versionOf } from './static-reviewer.ts';

/** One fix uncovers the next: after so many rounds the rest waits for the next iteration. */
const passLimit = 5;
/** Analyses one improvement may cost; a set of edits that is half bad needs about twice its logarithm. */
const analysisLimit = 60;
/** The last share of the time is for what comes after. */
const usableShare = 0.85;
const leastMs = 300;

/** The improver that asks no model: the engines' safe edits, each set analysed anew before it is handed out. */
export function createStaticImprover(pool: EnginePool): Improver {
  return {
    id: 'static',
    version: versionOf(pool.engines),
    queue: 'analysis',
    asksModel: false,
    improve: (input, context) => improve(pool, input, context),
  };
}

interface Draft {
  readonly text: string;
  readonly analysis: Analysis;
  /** What was applied on the way from the given text. */
  readonly applied: readonly EditGroup[];
}

interface Session {
  analyze(text: string): Promise<Analysis>;
  isSpent(): boolean;
}

/** Chooses among the edit groups of a pass; `passes` bounds the rounds. */
interface Selection {
  readonly passes: number;
  choose(groups: readonly EditGroup[]): readonly EditGroup[];
}

async function improve(pool: EnginePool, input: ImproveInput, context: WorkContext): Promise<ImproveResult> {
  const session = startSession(pool, input, context);
  const start: Draft = { text: input.text, analysis: await session.analyze(input.text), applied: [] };
  const given = new Set(input.findings.map(({ id }) => id));
  // Suppressed by the request: not ours to touch. Findings that only come up on the way are.
  const excluded = new Set(start.analysis.findings.map(({ finding }) => finding.id).filter((id) => !given.has(id)));
  const refused = new Set(input.refused.map(({ sha256 }) => sha256));
  const tried = new Set([input.text]);
  for (const selection of selections(openGroups(start, excluded).length)) {
    const draft = await advance(start, { selection, excluded, session });
    if (tried.has(draft.text)) continue;
    tried.add(draft.text);
    if (!refused.has(sha256(draft.text))) return { text: draft.text, changes: describeChanges(draft.applied) };
    if (session.isSpent()) break;
  }
  return { text: null, changes: [] };
}

function startSession(pool: EnginePool, input: ImproveInput, context: WorkContext): Session {
  let deadline = performance.now() + context.timeoutMs * usableShare;
  const aside: WorkContext['aside'] = async (work) => {
    const began = performance.now();
    const result = await (context.aside?.(work) ?? work());
    deadline += performance.now() - began;
    return result;
  };
  let analyses = 0;
  let slowestMs = leastMs;
  const leftMs = (): number => deadline - performance.now();
  const { name, language, kind } = input;
  return {
    analyze: async (text) => {
      analyses += 1;
      const before = leftMs();
      const timeoutMs = Math.max(leastMs, before);
      const previous = text === input.text ? {} : { previousText: input.text };
      const analysis = await analyze(pool, { name, language, kind, text, ...previous }, { signal: context.signal, timeoutMs, aside });
      slowestMs = Math.max(slowestMs, before - leftMs());
      return analysis;
    },
    // An analysis that will not end in time is not begun.
    isSpent: () => analyses >= analysisLimit || leftMs() < slowestMs,
  };
}

// Everything first; after refusals ever smaller parts, in a fixed order.
function* selections(count: number): Generator<Selection> {
  yield { passes: passLimit, choose: (groups) => groups };
  yield { passes: passLimit, choose: (groups) => groups.filter(({ findings }) => findings.some(({ category }) => isScored(category))) };
  for (let size = Math.floor(count / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < count; from += size) yield { passes: 1, choose: (groups) => groups.slice(from, from + size) };
  }
}

function openGroups({ analysis }: Draft, excluded: ReadonlySet<string>): EditGroup[] {
  return editGroups(analysis.findings.filter(({ finding }) => !excluded.has(finding.id)));
}

interface Course {
  readonly selection: Selection;
  readonly excluded: ReadonlySet<string>;
  readonly session: Session;
}

async function advance(start: Draft, { selection, excluded, session }: Course): Promise<Draft> {
  let draft = start;
  for (let pass = 0; pass < selection.passes && !session.isSpent(); pass += 1) {
    const groups = selection.choose(openGroups(draft, excluded));
    const next = await settle(draft, { base: draft, accepted: [], groups, session });
    if (next.text === draft.text) break;
    draft = next;
  }
  return draft;
}

interface Trial {
  /** What the edits refer to. */
  readonly base: Draft;
  readonly accepted: readonly EditGroup[];
  readonly groups: readonly EditGroup[];
  readonly session: Session;
}

// The best draft so far with as many of the groups as do no harm: halves are tried where the whole does.
async function settle(best: Draft, { base, accepted, groups, session }: Trial): Promise<Draft> {
  if (groups.length === 0 || session.isSpent()) return best;
  const all = [...accepted, ...groups];
  const text = applyGroups(base.text, all);
  const analysis = await session.analyze(text);
  const draft = { text, analysis, applied: [...base.applied, ...all] };
  if (regressionOf(base, draft) === null) return draft;
  if (groups.length === 1) return best;
  const middle = Math.ceil(groups.length / 2);
  const first = await settle(best, { base, accepted, groups: groups.slice(0, middle), session });
  const kept = first.applied.slice(base.applied.length);
  return settle(first, { base, accepted: kept, groups: groups.slice(middle), session });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
