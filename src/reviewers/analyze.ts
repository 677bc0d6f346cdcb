import type { CodeMetrics, EngineRun } from '#domain/review.ts';
import type { EngineDocument, EngineOutput, RawFinding } from './engines/engine.ts';
import type { EnginePool } from './engines/pool.ts';
import { mergeFindings, type EditableFinding } from './merge-findings.ts';
import { planEngines, type PlannedEngine } from './plan-engines.ts';
import type { ReviewInput, WorkContext } from './reviewer.ts';
import { sizeFactor } from './size-factor.ts';

/** Everything the engines say of one text. */
export interface Analysis {
  readonly findings: readonly EditableFinding[];
  readonly engines: readonly EngineRun[];
  readonly parses: boolean | null;
  readonly sizeFactor: number;
  readonly metrics: CodeMetrics | null;
  readonly lost: readonly string[];
}

export type AnalysisInput = Pick<ReviewInput, 'name' | 'language' | 'kind' | 'text' | 'previousText'>;

/** What an engine that hangs must leave for each one after it. */
const reservedMs = 1_500;
/** Unless time is so short that the reserve would take more than half of it. */
const leastShare = 0.5;
const leastMs = 50;
/** The last share of the time is for what comes after the engines: an engine that overran must be told of, not time the attempt out. */
const usableShare = 0.85;

interface Answered {
  readonly run: EngineRun;
  readonly output: EngineOutput | null;
}

/**
 * Lets every engine of the language look at the text, one after the other.
 *
 * Out     an engine that failed is in `engines` with its error, the others' findings stand
 * Fails   only with the signal's reason
 */
export async function analyze(pool: EnginePool, input: AnalysisInput, context: WorkContext): Promise<Analysis> {
  const plan = planEngines(pool.engines, input.language, input.text);
  const answers: Answered[] = [];
  let leftMs = context.timeoutMs * usableShare;
  for (const [index, planned] of plan.engines.entries()) {
    const after = plan.engines.length - 1 - index;
    const timeoutMs = Math.max(leastMs, after === 0 ? leftMs : Math.max(leftMs * leastShare, leftMs - after * reservedMs));
    const answer = await ask(pool, planned, { document: documentOf(input, plan.depth), ...context, timeoutMs });
    leftMs -= answer.run.durationMs;
    answers.push(answer);
  }
  const outputs = answers.flatMap(({ output }) => output ?? []);
  const metrics = outputs.find((output) => output.metrics != null)?.metrics ?? null;
  const parses = parseVerdict(answers);
  const raw = [...plan.notes, ...outputs.flatMap((output) => (parses === true ? output.findings.map(softened) : output.findings))];
  return {
    findings: mergeFindings({ path: input.name, text: input.text, findings: raw }),
    engines: answers.map(({ run }) => run),
    parses,
    sizeFactor: sizeFactor(input.kind, input.text, metrics?.linesOfCode),
    metrics,
    lost: outputs.flatMap((output) => output.lost ?? []),
  };
}

function documentOf({ name, language, text, previousText }: AnalysisInput, depth: EngineDocument['depth']): EngineDocument {
  return { name, language, text, depth, ...(previousText === undefined ? {} : { previousText }) };
}

interface Question extends WorkContext {
  readonly document: EngineDocument;
}

async function ask(pool: EnginePool, { entry, categories }: PlannedEngine, { document, ...limits }: Question): Promise<Answered> {
  const answer = await pool.run({ engine: entry.id, document }, limits);
  const { id, version } = entry;
  const run = { id, version, categories, durationMs: answer.durationMs };
  return 'output' in answer ? { run, output: answer.output } : { run: { ...run, error: answer.error }, output: null };
}

// A second parser that fails where the first does not is more likely behind the language than right.
function softened(finding: RawFinding): RawFinding {
  return finding.ruleId === 'biome/parse' ? { ...finding, severity: 'medium', confidence: 0.5 } : finding;
}

// The more exact parser comes later: Biome does not overrule TypeScript.
function parseVerdict(answers: readonly Answered[]): boolean | null {
  return answers.findLast(({ output }) => output?.parses != null)?.output?.parses ?? null;
}
