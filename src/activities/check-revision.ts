import { createHash } from 'node:crypto';
import type { Artifact, Revision } from '#domain/artifact.ts';
import { checkFinding, checkSeat, defaultCheckTimeoutMs, deservesAnotherRun, hasPassed, outcomeOf, plainOutput, type CheckResult, type CheckRun } from '#domain/check.ts';
import { AppError } from '#domain/errors.ts';
import type { Finding, ScoredCategory } from '#domain/finding.ts';
import { briefBlockers, tallyFindings, type Review } from '#domain/review.ts';
import { encodeText } from '#domain/text-shape.ts';
import type { Check } from '#wire/settings-shape.ts';
import type { Dependencies } from './dependencies.ts';
import { withinTime, type TimeLimits, type Work } from './working-time.ts';

export interface CheckInput extends TimeLimits {
  readonly runId: string;
  readonly iteration: number;
  /** A name: the command is looked up where it runs, and never travels. */
  readonly check: string;
  readonly revision: Revision;
  readonly artifact: Pick<Artifact, 'path' | 'root' | 'shape'>;
  readonly requested: readonly ScoredCategory[];
  readonly baseline: readonly string[];
}

/** Two equal versions run a check alike. */
const version = '1';

/** Runs one of the user's own checks on a revision and hands its verdict back as a review; a failure is run once more. */
export function check(deps: Dependencies) {
  return async (input: CheckInput): Promise<Review> => {
    const { value, workedMs } = await withinTime(input, async (context) => {
      const [command, text] = await Promise.all([deps.checks.find(input.check, rootOf(input)), deps.store.getText(input.revision.sha256)]);
      const runs = await runUpToTwice(() => runOnce(deps, input, { command, text, context }));
      const told = runs.find((run) => !hasPassed(run)) ?? runs[0]!;
      const output = plainOutput(deps.checks.hide(told.output));
      const { sha256 } = await deps.store.putText(output);
      const result: CheckResult = { name: input.check, outcome: outcomeOf(runs), exitCode: runs.at(-1)!.exitCode, timedOut: told.timedOut, output: sha256 };
      return { result, findings: findingsOf(input, { result, run: { ...told, output }, timeoutMs: command.timeoutMs ?? defaultCheckTimeoutMs }) };
    });
    const review = condense(value.result, value.findings, workedMs);
    await deps.store.putReview({ runId: input.runId, iteration: input.iteration, reviewer: review.reviewer, revision: input.revision, review, findings: value.findings });
    return review;
  };
}

function rootOf({ artifact: { root } }: CheckInput): string {
  if (root === undefined) throw new AppError('Bug', 'CHECK_NEEDS_FILE', 'A check was asked to run on a text that has no place in a project.');
  return root;
}

async function runUpToTwice(run: () => Promise<CheckRun>): Promise<CheckRun[]> {
  const first = await run();
  return deservesAnotherRun(first) ? [first, await run()] : [first];
}

interface Given {
  readonly command: Check;
  readonly text: string;
  readonly context: Work;
}

function runOnce(deps: Dependencies, input: CheckInput, { command, text, context }: Given): Promise<CheckRun> {
  const { path = '', shape } = input.artifact;
  return deps.checks.run({
    name: command.name,
    command: command.command,
    network: command.network === true,
    timeoutMs: command.timeoutMs ?? defaultCheckTimeoutMs,
    root: rootOf(input),
    path,
    content: encodeText(text, shape),
    signal: context.signal,
  });
}

function findingsOf(input: CheckInput, { result, run, timeoutMs }: { readonly result: CheckResult; readonly run: CheckRun; readonly timeoutMs: number }): Finding[] {
  const id = createHash('sha256').update(checkSeat(input.check)).digest('hex').slice(0, 16);
  const finding = checkFinding({ name: input.check, outcome: result.outcome, timeoutMs, run, path: input.artifact.path ?? '', id, requested: input.requested });
  if (finding === null) return [];
  return [input.baseline.includes(id) ? { ...finding, suppressed: 'baseline' } : finding];
}

// It assesses no category: a suite that passes says nothing of a text it may not even touch.
function condense(result: CheckResult, findings: readonly Finding[], workedMs: number): Review {
  const counted = findings.filter((finding) => finding.suppressed === undefined);
  const reviewer = checkSeat(result.name);
  return {
    reviewer,
    version,
    engines: [{ id: reviewer, version, categories: [], durationMs: workedMs }],
    parses: null,
    sizeFactor: 1,
    metrics: null,
    lost: [],
    damage: null,
    tallies: tallyFindings(counted),
    blockers: briefBlockers(counted),
    findingCount: counted.length,
    fixableCount: 0,
    durationMs: workedMs,
    check: result,
  };
}
