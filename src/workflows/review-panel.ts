import type { Command, LoopEvent, LoopState } from '#domain/loop/state.ts';
import { checkOfSeat, type CheckResult } from '#domain/check.ts';
import { fateOf } from '#domain/loop/decide-failure.ts';
import { checksOf } from '#domain/loop/gate.ts';
import { addUsage, noUsage, type Review, type Usage } from '#domain/review.ts';
import type { Opened } from '#activities/open-artifact.ts';
import { checkStep, reviewerStep } from './activity-options.ts';
import { readFailure, type StepFailure } from './failures.ts';

/** One revision before its panel. */
export interface Hearing {
  readonly opened: Opened;
  readonly runId: string;
  readonly state: LoopState;
  readonly command: Extract<Command, { do: 'review' }>;
}

/** All reviewers at once, models after the user's own checks; in the place of a model that cannot be reached or read the next of the fallback order steps in. */
export async function reviewByPanel(hearing: Hearing): Promise<LoopEvent> {
  const seats = await Promise.all(takeSeats(hearing));
  const usage = seats.map((seat) => seat.usage).reduce(addUsage, noUsage);
  const spent = { workedMs: Math.max(0, ...seats.map((seat) => seat.workedMs)), ...(usage.inputTokens + usage.outputTokens === 0 ? {} : { usage }) };
  if (seats.some(({ failure }) => failure?.outOfTime === true)) return { type: 'out_of_time', ...spent };
  const reviews = seats.flatMap(({ review }) => review ?? []);
  const failures = seats.flatMap(({ seat, review, failure }) => (review !== null || failure === null ? [] : [{ reviewer: seat, error: failure.error }]));
  const replaced = seats.flatMap(({ seat, review }) => (review === null || review.reviewer === seat ? [] : [{ from: seat, to: review.reviewer }]));
  return { type: 'reviewed', reviews, failures, ...spent, ...(replaced.length === 0 ? {} : { replaced }) };
}

/** What came of one seat of the panel: a review by whoever sat there last, else that one's failure. */
interface Seat {
  readonly seat: string;
  readonly review: Review | null;
  readonly failure: StepFailure | null;
  readonly workedMs: number;
  readonly usage: Usage;
}

function takeSeats(hearing: Hearing): Promise<Seat>[] {
  const taken = new Set(hearing.state.reviewers);
  const { reviewers } = hearing.command;
  const checks = new Map(reviewers.filter((id) => checkOfSeat(id) !== null).map((id) => [id, hear(hearing, vacant(id), id)]));
  const after = async (seat: string): Promise<Seat> => takeSeatAfter(hearing, await Promise.all(checks.values()), { seat, taken });
  return reviewers.map((seat) => checks.get(seat) ?? (checks.size > 0 && isModel(hearing, seat) ? after(seat) : takeSeat(hearing, vacant(seat), taken)));
}

function vacant(seat: string): Seat {
  return { seat, review: null, failure: null, workedMs: 0, usage: noUsage };
}

// A model is shown what the checks said, and its time begins when theirs is over. A run that fails over a check asks no model.
async function takeSeatAfter(hearing: Hearing, checks: readonly Seat[], { seat, taken }: { readonly seat: string; readonly taken: Set<string> }): Promise<Seat> {
  const waiting: Seat = { ...vacant(seat), workedMs: Math.max(0, ...checks.map(({ workedMs }) => workedMs)) };
  const failure = checks.find((check) => check.failure !== null && (check.failure.outOfTime || fateOf(check.failure.error) === 'fails'))?.failure;
  if (failure !== undefined) return { ...waiting, failure };
  const gathered = [...hearing.state.gathered, ...checks.flatMap(({ review }) => review ?? [])];
  return takeSeat({ ...hearing, state: { ...hearing.state, gathered } }, waiting, taken);
}

async function takeSeat(hearing: Hearing, waiting: Seat, taken: Set<string>): Promise<Seat> {
  const { seat } = waiting;
  let standing = waiting;
  for (let reviewer: string | undefined = seat; reviewer !== undefined; reviewer = nextFor(hearing, standing, taken)) {
    taken.add(reviewer);
    standing = await hear(hearing, standing, reviewer);
  }
  return standing;
}

async function hear(hearing: Hearing, before: Seat, reviewer: string): Promise<Seat> {
  try {
    const [check, remainingMs] = [checkOfSeat(reviewer), hearing.command.remainingMs - before.workedMs];
    const review = await (check === null ? ask(hearing, reviewer, remainingMs) : runCheck(hearing, check, remainingMs));
    return { ...before, review, failure: null, workedMs: before.workedMs + review.durationMs, usage: addUsage(before.usage, usageOf(review)) };
  } catch (error) {
    const failure = readFailure(error);
    return { ...before, failure, workedMs: before.workedMs + failure.workedMs, usage: addUsage(before.usage, failure.usage ?? noUsage) };
  }
}

// Another provider is paid from the same purse and takes its time from the same iteration.
function nextFor({ opened, command }: Hearing, { seat, failure, workedMs }: Seat, taken: ReadonlySet<string>): string | undefined {
  if (failure === null || !isModel({ opened }, seat) || failure.outOfTime || failure.error.code.startsWith('BUDGET_') || workedMs >= command.remainingMs) return undefined;
  return opened.fallbacks?.find((id) => !taken.has(id));
}

const analysisQueue = 'analysis';

function isModel({ opened }: Pick<Hearing, 'opened'>, seat: string): boolean {
  return (opened.queues[seat] ?? analysisQueue) !== analysisQueue;
}

function usageOf({ inputTokens = 0, outputTokens = 0, costUsd }: Review): Usage {
  return inputTokens + outputTokens === 0 ? noUsage : { inputTokens, outputTokens, costUsd: costUsd ?? null };
}

function ask(hearing: Hearing, reviewer: string, remainingMs: number): Promise<Review> {
  const { opened, runId, state, command } = hearing;
  const { artifact, request, queues, attemptMs: attempts, heartbeatTimeoutMs } = opened;
  const attemptMs = Math.min(remainingMs, attempts[reviewer] ?? remainingMs);
  const step = reviewerStep({ queue: queues[reviewer] ?? analysisQueue, summary: `review #${state.iteration} by ${reviewer}`, attemptMs, heartbeatTimeoutMs });
  return step.review({
    runId,
    iteration: state.iteration,
    reviewer,
    revision: command.revision,
    previous: state.best?.revision ?? null,
    artifact,
    requested: request.requested,
    minSeverity: request.minSeverity,
    baseline: request.baseline,
    ...(request.criteria.length === 0 ? {} : { criteria: request.criteria }),
    ...(request.profile === 'evaluate' ? { purpose: 'evaluate' } : {}),
    ...(opened.context === undefined ? {} : { contextSha256: opened.context.sha256 }),
    ...checksFor(hearing, reviewer),
    remainingMs,
    attemptMs,
  });
}

function checksFor(hearing: Hearing, reviewer: string): { readonly checks?: readonly CheckResult[] } {
  const checks = isModel(hearing, reviewer) ? checksOf({ reviews: hearing.state.gathered }) : [];
  return checks.length === 0 ? {} : { checks };
}

function runCheck({ opened, runId, state, command }: Hearing, check: string, remainingMs: number): Promise<Review> {
  const { artifact, request, checkMs, heartbeatTimeoutMs } = opened;
  const attemptMs = Math.min(remainingMs, checkMs?.[check] ?? remainingMs);
  const step = checkStep({ summary: `check #${state.iteration}: ${check}`, attemptMs, heartbeatTimeoutMs });
  const { requested, baseline } = request;
  return step.check({ runId, iteration: state.iteration, check, revision: command.revision, artifact, requested, baseline, remainingMs, attemptMs });
}
