import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '30 s', retry: { maximumAttempts: 3 } });

/** The floor: the same number of activities one after the other, and nothing else. */
export async function bare(activities: number): Promise<number> {
  for (let n = 0; n < activities; n += 1) await nothing();
  return activities;
}
