import type { Command, LoopEvent, LoopState } from '#domain/loop/state.ts';
import { addUsage, noUsage, type Review, type Usage } from '#domain/review.ts';
import type { Opened } from '#activities/open-artifact.ts';
import { reviewerStep } from './activity-options.ts';
import { readFailure, type StepFailure } from './failures.ts';

/** One revision before its panel. */
export interface Hearing {
  readonly opened: Opened;
  readonly runId: string;
  readonly state: LoopState;
  readonly command: Extract<Command, { do: 'review' }>;
}

/** All reviewers at once; in the place of a model that cannot be reached or read the next of the fallback order steps in. */
export async function reviewByPanel(hearing: Hearing): Promise<LoopEvent> {
  const taken = new Set(hearing.state.reviewers);
  const seats = await Promise.all(hearing.command.reviewers.map((seat) => takeSeat(hearing, seat, taken)));
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

async function takeSeat(hearing: Hearing, seat: string, taken: Set<string>): Promise<Seat> {
  let standing: Seat = { seat, review: null, failure: null, workedMs: 0, usage: noUsage };
  for (let reviewer: string | undefined = seat; reviewer !== undefined; reviewer = nextFor(hearing, standing, taken)) {
    taken.add(reviewer);
    standing = await hear(hearing, standing, reviewer);
  }
  return standing;
}

async function hear(hearing: Hearing, before: Seat, reviewer: string): Promise<Seat> {
  try {
    const review = await ask(hearing, reviewer, hearing.command.remainingMs - before.workedMs);
    return { ...before, review, failure: null, workedMs: before.workedMs + review.durationMs, usage: addUsage(before.usage, usageOf(review)) };
  } catch (error) {
    const failure = readFailure(error);
    return { ...before, failure, workedMs: before.workedMs + failure.workedMs, usage: addUsage(before.usage, failure.usage ?? noUsage) };
  }
}

// Another provider is paid from the same purse and takes its time from the same iteration.
function nextFor({ opened, command }: Hearing, { seat, failure, workedMs }: Seat, taken: ReadonlySet<string>): string | undefined {
  const isModel = (opened.queues[seat] ?? analysisQueue) !== analysisQueue;
  if (failure === null || !isModel || failure.outOfTime || failure.error.code.startsWith('BUDGET_') || workedMs >= command.remainingMs) return undefined;
  return opened.fallbacks?.find((id) => !taken.has(id));
}

const analysisQueue = 'analysis';

function usageOf({ inputTokens = 0, outputTokens = 0, costUsd }: Review): Usage {
  return inputTokens + outputTokens === 0 ? noUsage : { inputTokens, outputTokens, costUsd: costUsd ?? null };
}

function ask({ opened, runId, state, command }: Hearing, reviewer: string, remainingMs: number): Promise<Review> {
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
    remainingMs,
    attemptMs,
  });
}
