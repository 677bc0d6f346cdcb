import { userInfo } from 'node:os';
import { decisions, type Decision } from '#domain/report.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import type { RunProgress } from '#client/await-run.ts';
import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { openSession } from './session.ts';
import { numberIn, oneOf } from './values.ts';

/** `koubou decide ID DECISION`: answers a run that waits; 0 when the run took it, refused with the reason otherwise. */
export async function decide(call: Call): Promise<ExitCode> {
  const [id = '', word = ''] = call.arguments;
  const decision = oneOf('koubou decide ID', word, decisions);
  const given = givenWith(call);
  const session = await openSession(call);
  try {
    const place = await session.reviews.find(id);
    const progress = await session.reviews.decide(place, { decision, by: userName(), ...given });
    showTaken(call, { runId: place.runId, decision, progress });
    return exitCodes.done;
  } finally {
    await session.close();
  }
}

function givenWith({ flags }: Call): Omit<Decision, 'decision'> {
  const [note, usd, tokens] = [flags.text('note'), flags.text('budget-usd'), flags.text('budget-tokens')];
  return {
    ...(note === undefined ? {} : { note }),
    ...(usd === undefined ? {} : { budgetUsd: numberIn('--budget-usd', usd, { min: 0.01, max: 1_000_000 }) }),
    ...(tokens === undefined ? {} : { budgetTokens: numberIn('--budget-tokens', tokens, { min: 1, max: 1e12, whole: true }) }),
  };
}

export interface Taken {
  readonly runId: string;
  readonly decision: string;
  readonly progress: RunProgress;
}

export function showTaken({ output, flags, program }: Call, { runId, decision, progress }: Taken): void {
  if (flags.has('json')) output.json({ schema: 'koubou.progress/1', run_id: runId, decision, ...toSnakeKeys(progress) });
  else output.print(`Run ${runId} took "${decision}" and is ${standing(progress)}. Follow it: ${program.command} wait ${runId}\n`);
}

// 'saving' is the state of the last steps too, when nothing is saved.
function standing({ state, phase }: RunProgress): string {
  return phase === 'report' ? 'writing its report' : state.replaceAll('_', ' ');
}

/** Who decided, for the history; a system without accounts has no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
