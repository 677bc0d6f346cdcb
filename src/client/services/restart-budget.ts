/** How often something that dies is started again before it is given up. */
export interface RestartLimits {
  readonly restarts: number;
  readonly windowMs: number;
  readonly firstDelayMs: number;
}

/** Five times in ten minutes; a server that dies more often has a reason that waiting does not mend. */
export const usualRestarts: RestartLimits = { restarts: 5, windowMs: 600_000, firstDelayMs: 200 };

/**
 * Counts deaths: each call tells how long to wait before the next start, or null when it is enough.
 * The wait doubles with each death within the window.
 */
export function restartBudget(limits: RestartLimits = usualRestarts): (nowMs: number) => number | null {
  let deaths: number[] = [];
  return (nowMs) => {
    deaths = [...deaths.filter((at) => nowMs - at < limits.windowMs), nowMs];
    return deaths.length > limits.restarts ? null : limits.firstDelayMs * 2 ** (deaths.length - 1);
  };
}
