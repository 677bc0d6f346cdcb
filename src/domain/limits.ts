/** The limits of one run; every duration is working time: not queued, parked, paused or waiting for a decision. */
export interface Limits {
  /** 0–100. */
  readonly targetScore: number;
  /** Counts reviews: iteration n reviews revision n−1. */
  readonly maxIterations: number;
  readonly iterationTimeoutMs: number;
  readonly timeoutMs: number;
}

/** Seed 004: threshold 85, 5 iterations, 60 s an iteration, 10 min in all. */
export const codeLimits: Limits = { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 600_000 };

/** As soon as a model takes part: 10 min an iteration, 60 min in all (contracts §3). */
export const documentLimits: Limits = { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 600_000, timeoutMs: 3_600_000 };

/** Seed 004: 3 attempts with waits of 2^n seconds. */
export const attempts = 3;
export const firstRetryWaitMs = 2_000;
export const retryBackoff = 2;

/** The waits between three attempts, 2 s and 4 s. */
export const retryWaitsMs = 6_000;

/** Seed 003: a model call gets 5 minutes. */
export const modelCallTimeoutMs = 300_000;

/** Bounds of what a request may ask for. */
export const bounds = {
  targetScore: { min: 0, max: 100 },
  maxIterations: { min: 1, max: 100 },
  iterationTimeoutMs: { min: 100, max: 86_400_000 },
  timeoutMs: { min: 100, max: 7 * 86_400_000 },
  /** Seed 003's buffer: 20 MB. */
  maxArtifactBytes: 20_000_000,
  /** Text inside a raw workflow start, the one way that text gets into history. */
  maxInlineTextBytes: 262_144,
} as const;

/** Working time one attempt may take, so that three attempts and their waits fit into an iteration. */
export function attemptTimeoutMs(iterationTimeoutMs: number, isModelCall: boolean): number {
  if (isModelCall) return Math.min(modelCallTimeoutMs, iterationTimeoutMs);
  const share = (iterationTimeoutMs - retryWaitsMs) / attempts;
  return Math.max(Math.floor(share), Math.min(iterationTimeoutMs, 1_000));
}
