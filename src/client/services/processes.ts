import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#domain/errors.ts';
import { isSameProcess } from './record.ts';

export interface ProcessToEnd {
  readonly pid: number;
  /** As it was recorded: a process of another identity is never touched. */
  readonly identity: string;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

export type ProcessEnd = 'was_gone' | 'ended' | 'killed';

/**
 * Ends a process that is not our child and returns once it is gone.
 *
 * Fails   Misconfigured PROCESS_NOT_OURS when it belongs to another user
 */
export async function endProcess(target: ProcessToEnd): Promise<ProcessEnd> {
  if (!signal(target, 'SIGTERM')) return 'was_gone';
  if (await isGoneWithin(target, target.graceMs)) return 'ended';
  signal(target, 'SIGKILL');
  await isGoneWithin(target, 5_000);
  return 'killed';
}

function signal(target: ProcessToEnd, name: NodeJS.Signals): boolean {
  if (!isSameProcess(target.pid, target.identity)) return false;
  try {
    process.kill(target.pid, name);
    return true;
  } catch {
    if (!isSameProcess(target.pid, target.identity)) return false;
    throw new AppError('Misconfigured', 'PROCESS_NOT_OURS', `Process ${target.pid} belongs to another user: end it as that user.`);
  }
}

async function isGoneWithin(target: ProcessToEnd, timeMs: number): Promise<boolean> {
  const deadline = performance.now() + timeMs;
  while (isSameProcess(target.pid, target.identity)) {
    if (performance.now() >= deadline) return false;
    await sleep(25);
  }
  return true;
}
