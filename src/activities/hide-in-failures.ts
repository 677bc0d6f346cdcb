import { hideInError } from '#domain/hide-in-error.ts';
import type { Activities } from './create-activities.ts';

type Step = (...input: never[]) => Promise<unknown>;

/** The same activities; what they fail with is cleaned before it goes into history, whoever wrote its words. */
export function hideInFailures(activities: Activities, hide: (text: string) => string): Activities {
  const guard = (step: Step): Step => async (...input) => {
    try {
      return await step(...input);
    } catch (error) {
      hideInError(error, hide);
      throw error;
    }
  };
  const byQueue = Object.entries(activities).map(([queue, steps]) => [queue, Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, guard(step as Step)]))]);
  return Object.fromEntries(byQueue) as Activities;
}
