import { proxyActivities } from '@temporalio/workflow';

/** The floor: the same number of activities one after the other, and nothing else. */
export async function bare(activities: number, taskQueue: string): Promise<number> {
  const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ taskQueue, startToCloseTimeout: '30 s', retry: { maximumAttempts: 3 } });
  for (let n = 0; n < activities; n += 1) await nothing();
  return activities;
}
