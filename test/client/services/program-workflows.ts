import { condition, proxyActivities, sleep, upsertSearchAttributes, defineSignal, setHandler } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { napActivities } from './program.ts';

const { nap } = proxyActivities<ReturnType<typeof napActivities>>({
  startToCloseTimeout: '2s',
  retry: { initialInterval: '100ms', maximumAttempts: 20 },
});

/** A run of several steps, each of which leaves a line in a file when it begins and when it ends. */
export async function naps({ steps, ms, file }: { steps: number; ms: number; file: string }): Promise<number> {
  for (let step = 1; step <= steps; step += 1) await nap({ step, ms, file });
  return steps;
}

export const wake = defineSignal('wake');

/** A run that is in one state until it is woken or its time is over. */
export async function waits({ status, ms }: { status: string; ms: number }): Promise<string> {
  let woken = false;
  setHandler(wake, () => void (woken = true));
  upsertSearchAttributes([{ key: defineSearchAttributeKey('KoubouStatus', 'KEYWORD'), value: status }]);
  await Promise.race([condition(() => woken), sleep(ms)]);
  return woken ? 'woken' : 'time over';
}
