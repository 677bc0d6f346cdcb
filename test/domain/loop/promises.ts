import type { CheckResult } from '#domain/check.ts';
import { isErrorKind } from '#domain/errors.ts';
import { isReady, suspicionsOf } from '#domain/loop/gate.ts';
import { initialState, isOver, type Command, type LoopEvent, type LoopState, type WaitReason } from '#domain/loop/state.ts';
import { outcomes, type DecisionKind } from '#domain/report.ts';
import { makeWorld, type Trace } from './world.ts';

type Decide = (state: LoopState, event: LoopEvent) => LoopState;

/** The longest a run may go on once nobody wakes it: every iteration improves and reviews, then save, commit, report and waits. */
const stepsPerIteration = 4;
const stepsAtTheEnd = 12;
const stateLimit = 64 * 1_024;

/** What the run of a trace came to, for counting what the traces reach. */
export interface Ending {
  readonly state: LoopState;
  readonly steps: number;
}

/** Plays one trace to its end and throws on the first promise that `decide` breaks. */
export function play(decide: Decide, trace: Trace): Ending {
  const world = makeWorld(trace);
  const bound = trace.bytes.length + stepsPerIteration * trace.request.limits.maxIterations + stepsAtTheEnd;
  const seen: Seen = { approved: false, trusted: false, refused: false, accepted: null };
  let state = initialState;
  let steps = 0;
  for (; !isOver(state); steps += 1) {
    must(steps <= bound, `it ends within ${bound} steps`);
    const event = world.next(state);
    const next = decide(state, event);
    watch(seen, state, { event, next });
    must(fits(state.command, event) || next === state, `${event.type} does not move a run that is to ${state.command.do}`);
    if (next !== state) checkStep({ before: state, now: next, seen, trace });
    state = next;
  }
  checkEnd(state);
  must(decide(state, { type: 'cancelled' }) === state, 'the end is the end');
  return { state, steps };
}

/** What the trace itself has seen: never read from what `decide` says of it. */
interface Seen {
  approved: boolean;
  trusted: boolean;
  refused: boolean;
  /** The best score among accepted candidates, and the revision accepted last. */
  accepted: { score: number | null; sha256: string } | null;
}

function watch(seen: Seen, state: LoopState, { event, next }: { event: LoopEvent; next: LoopState }): void {
  if (event.type === 'cancelled') seen.refused = true;
  if (event.type === 'decided' && state.command.do === 'wait') hear(seen, event.decision.decision, state.command.for);
  const last = next.iterations.at(-1);
  if (last === undefined || next.iterations.length === state.iterations.length || !last.accepted) return;
  must(seen.accepted === null || (last.score ?? -1) >= (seen.accepted.score ?? -1), 'no candidate is accepted that scores lower');
  seen.accepted = { score: last.score, sha256: last.revision.sha256 };
}

function hear(seen: Seen, decision: DecisionKind, reason: WaitReason): void {
  if (decision === 'abort' || (decision === 'reject' && (reason === 'approval' || reason === 'suspicion'))) seen.refused = true;
  if (decision === 'approve' && reason === 'suspicion') seen.trusted = true;
  if (decision === 'approve' && reason === 'approval') seen.approved = true;
}

interface Step {
  readonly before: LoopState;
  readonly now: LoopState;
  readonly seen: Seen;
  readonly trace: Trace;
}

function checkStep(step: Step): void {
  const { now, before, seen } = step;
  checkBest(step);
  checkLimits(step);
  checkEffects(step);
  must(now.workedMs >= before.workedMs && now.costUsd >= before.costUsd, 'time and money are never given back');
  must(now.inputTokens >= before.inputTokens && now.outputTokens >= before.outputTokens, 'tokens are never given back');
  must(now.iterations.length - before.iterations.length <= 1, 'one review is told at a time');
  if (now.command.do === 'report' || now.command.do === 'save') must(now.cancelled || outcomes.some((outcome) => outcome === now.outcome), 'the outcome stands before anything is saved or reported');
  must(now.outcome !== 'target_reached' || seen.trusted || suspicionsOf(now.best).length === 0, 'nothing suspicious passes before a person let it');
  if (now.command.do !== 'wait') return;
  must(now.command.for !== 'parked' || now.parked !== null, 'a parked run knows what failed');
  must(!now.cancelled, 'a cancelled run waits for nobody');
  must(isPlain(now), 'a waiting state is plain JSON');
}

function checkBest({ before, now, seen }: Step): void {
  must(before.best === null || now.best !== null, 'the best revision is never lost');
  if (now.best === null) return;
  const score = now.best.scorecard.score ?? -1;
  must(score >= (before.best?.scorecard.score ?? -1), 'the best score never decreases');
  must(!breaksCheck(before, now), 'no check that passed on the best revision fails on the next best');
  must(score === (seen.accepted?.score ?? -1) && now.best.revision.sha256 === seen.accepted?.sha256, 'the best revision is the best accepted one');
}

function breaksCheck(before: LoopState, now: LoopState): boolean {
  const checks = (state: LoopState): CheckResult[] => (state.best?.reviews ?? []).flatMap(({ check }) => check ?? []);
  return checks(before).some(({ name, outcome }) => outcome !== 'failed' && checks(now).some((check) => check.name === name && check.outcome === 'failed'));
}

function checkLimits({ now, before, trace }: Step): void {
  const { command } = now;
  const { maxIterations } = trace.request.limits;
  must(now.iteration <= maxIterations && now.iterations.length <= maxIterations, 'never more iterations than allowed');
  must(new Set(now.iterations.map(({ iteration }) => iteration)).size === now.iterations.length, 'each iteration is reviewed once');
  if (command.do !== 'review' && command.do !== 'improve') return;
  must(command.remainingMs > 0 && Number.isFinite(command.remainingMs), 'nothing is started without time');
  must(command.do === 'improve' || now.iteration > 0, 'nothing is reviewed before it is opened');
  must(command !== before.command, 'a command is given anew');
  must(now.outcome === null && !now.cancelled, 'nothing goes on once the outcome stands');
}

function checkEffects({ now, seen, trace }: Step): void {
  const { command } = now;
  if (command.do !== 'save' && command.do !== 'commit') return;
  const { save, approval } = trace.request;
  must(save === 'commit' || (save === 'write' && command.do === 'save'), 'only what was asked for is saved and committed');
  must(command.revision === now.best?.revision && command.revision.sha256 !== 'sha-0', 'only an improved revision is saved, the best one');
  must(approval === 'none' || seen.approved, 'nothing is saved before it is approved');
  must(!seen.refused, 'nothing is saved once it was rejected, aborted or cancelled');
  must(command.do === 'save' || now.saved !== null, 'nothing is committed before it is saved');
}

function checkEnd(state: LoopState): void {
  must(isPlain(state), 'the last state is plain JSON');
  must(JSON.stringify(state).length < stateLimit, 'the last state is small');
  if (state.command.do === 'fail') {
    must(state.error !== null && isErrorKind(state.error.kind) && state.outcome === null, 'a failed run has an error');
    return;
  }
  must(state.cancelled ? state.outcome === null : outcomes.some((outcome) => outcome === state.outcome), 'a run that is over has an outcome, unless it was cancelled');
  const score = state.best?.scorecard.score ?? null;
  must(score !== null || [null, 'not_judged', 'timed_out', 'aborted'].includes(state.outcome), 'no other outcome without a score');
  must(state.outcome !== 'not_judged' || score === null, 'what was judged is not called not judged');
  must(state.outcome !== 'target_reached' || isReady(state.best, state.limits.targetScore), 'the target is reached where it says so');
}

const answers: Readonly<Partial<Record<Command['do'], LoopEvent['type']>>> = {
  open: 'opened', review: 'reviewed', improve: 'improved', save: 'saved', commit: 'committed', report: 'reported', wait: 'decided',
};

function fits({ do: command }: Command, { type }: LoopEvent): boolean {
  if (type === 'cancelled') return true;
  if (type === 'failed') return command !== 'wait';
  if (type === 'out_of_time') return command === 'review' || command === 'improve';
  return answers[command] === type;
}

/** Null, finite numbers, strings, booleans, arrays and plain objects without undefined: what JSON gives back as it was. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
}

function must(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`Broken promise: ${promise}.`);
}
