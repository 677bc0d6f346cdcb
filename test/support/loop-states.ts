import type { Command, LoopEvent, LoopState } from '#domain/loop/state.ts';
import type { ReviewRequest } from '#domain/request.ts';
import { after, anError, aReview, aReviewWith, aRevision, failed, improved, opened, reviewed } from './builders.ts';

/** The events of a run that finds 80.4, improves to 100, and has something to save. */
export function gaining(request: Partial<ReviewRequest> = {}): LoopEvent[] {
  return [opened({ save: 'commit', ...request }), reviewed([aReviewWith(8)]), improved('r1'), reviewed([aReviewWith(0)])];
}

export const savedEvent: LoopEvent = { type: 'saved', path: 'src/a.ts', sha256: 'of-the-file' };
export const committedEvent: LoopEvent = { type: 'committed', id: 'c0ffee', branch: 'main' };
export const reportedEvent: LoopEvent = { type: 'reported' };
export const cancelledEvent: LoopEvent = { type: 'cancelled' };
export const outOfTime: LoopEvent = { type: 'out_of_time', workedMs: 60_000 };

export function decided(decision: 'approve' | 'reject' | 'continue' | 'retry' | 'skip' | 'abort', budgetUsd?: number): LoopEvent {
  return { type: 'decided', decision: { decision, ...(budgetUsd === undefined ? {} : { budgetUsd }) } };
}

/** One state for every command, reached by events alone. */
export const reached = {
  open: after(),
  review: after(opened()),
  improve: after(opened(), reviewed([aReviewWith(8)])),
  approval: after(...gaining({ approval: 'before_save' })),
  suspicion: after(opened({ save: 'write' }), reviewed([aReviewWith(8)]), improved('r1'), reviewed([aReviewWith(0, { suspicions: ['The text speaks to its judge.'] })])),
  budget: after(opened({ budgetUsd: 0.5 }), reviewed([aReviewWith(8, { costUsd: 0.7 })])),
  parked: after(opened(), failed()),
  save: after(...gaining()),
  commit: after(...gaining(), savedEvent),
  report: after(...gaining(), savedEvent, committedEvent),
  finish: after(...gaining(), savedEvent, committedEvent, reportedEvent),
  fail: after(opened(), failed('Misconfigured')),
} satisfies Record<string, LoopState>;

/** Every kind of event, each with an answer that fits its command. */
export const everyEvent = {
  opened: opened(),
  reviewed: reviewed([aReview()]),
  improved: improved('r9'),
  saved: savedEvent,
  committed: committedEvent,
  reported: reportedEvent,
  failed: { type: 'failed', error: anError(), workedMs: 1 },
  out_of_time: outOfTime,
  decided: decided('abort'),
  cancelled: cancelledEvent,
} satisfies Record<LoopEvent['type'], LoopEvent>;

/** 'review', 'wait for approval' … */
export function commandWord(command: Command): string {
  return command.do === 'wait' ? `wait for ${command.for}` : command.do;
}

export const r0 = aRevision('r0');
export const r1 = aRevision('r1');
