import { decide } from '#domain/loop/decide.ts';
import { isOver, type Command, type LoopEvent, type LoopState } from '#domain/loop/state.ts';

type CommandOf<Name extends Command['do']> = Extract<Command, { do: Name }>;

/** What the loop needs of the world: one function a step, each answering with what happened. */
export interface LoopSteps {
  open(): Promise<LoopEvent>;
  review(command: CommandOf<'review'>, state: LoopState): Promise<LoopEvent>;
  improve(command: CommandOf<'improve'>, state: LoopState): Promise<LoopEvent>;
  wait(command: CommandOf<'wait'>, state: LoopState): Promise<LoopEvent>;
  save(command: CommandOf<'save'>, state: LoopState): Promise<LoopEvent>;
  commit(command: CommandOf<'commit'>, state: LoopState): Promise<LoopEvent>;
  report(state: LoopState): Promise<LoopEvent>;
  /** Turns what a step threw into an event; throws on what is not the loop's business. */
  explain(error: unknown, command: Command): LoopEvent;
  /** Told of every new state before its command is performed. */
  changed(state: LoopState): void;
}

/** The review loop: perform what was decided, decide on what happened, until it is over. */
export async function runLoop(start: LoopState, steps: LoopSteps): Promise<LoopState> {
  let state = start;
  while (!isOver(state)) {
    const { command } = state;
    steps.changed(state);
    state = decide(state, await perform(state, steps).catch((error: unknown) => steps.explain(error, command)));
  }
  steps.changed(state);
  return state;
}

async function perform(state: LoopState, steps: LoopSteps): Promise<LoopEvent> {
  const { command } = state;
  switch (command.do) {
    case 'open':
      return steps.open();
    case 'review':
      return steps.review(command, state);
    case 'improve':
      return steps.improve(command, state);
    case 'wait':
      return steps.wait(command, state);
    case 'save':
      return steps.save(command, state);
    case 'commit':
      return steps.commit(command, state);
    default:
      return steps.report(state);
  }
}
