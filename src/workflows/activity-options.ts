import { proxyActivities, workflowInfo, type ActivityOptions } from '@temporalio/workflow';
import { errorPolicies } from '#domain/errors.ts';
import { attempts, firstRetryWaitMs, retryBackoff } from '#domain/limits.ts';
import type { Activities } from '#activities/create-activities.ts';
import { stepQueue } from './messages.ts';

/** 3 attempts with waits of 2 s and 4 s (seed 004), for every activity. */
const retry = {
  initialInterval: firstRetryWaitMs,
  backoffCoefficient: retryBackoff,
  maximumAttempts: attempts,
  nonRetryableErrorTypes: Object.entries(errorPolicies).filter(([, policy]) => !policy.retried).map(([kind]) => kind),
};

/** Local disk, git and rendering: half a minute and a margin for the answer to arrive. */
const shortStepMs = 35_000;
const defaultHeartbeatMs = 10_000;
/** The activity ends itself at its limit of working time; Temporal's own time-out leaves room for engines that load slowly. A worker that died is known by its silence. */
const marginMs = 65_000;

export interface StepPlace {
  /** Queue suffix: analysis, llm, llm-<provider>, workspace, report. */
  readonly queue: string;
  /** One line for the Web UI. */
  readonly summary: string;
  readonly attemptMs?: number;
  readonly heartbeatTimeoutMs?: number | undefined;
}

function optionsFor({ queue, summary, attemptMs, heartbeatTimeoutMs }: StepPlace): ActivityOptions {
  return {
    taskQueue: stepQueue(workflowInfo().taskQueue, queue),
    startToCloseTimeout: attemptMs === undefined ? shortStepMs : attemptMs + marginMs,
    heartbeatTimeout: heartbeatTimeoutMs ?? defaultHeartbeatMs,
    // An activity that never hears of the cancellation must not hold the workflow.
    cancellationType: 'TRY_CANCEL',
    retry,
    summary,
  };
}

export function workspaceStep(summary: string, heartbeatTimeoutMs?: number): Activities['workspace'] {
  return proxyActivities<Activities['workspace']>(optionsFor({ queue: 'workspace', summary, heartbeatTimeoutMs }));
}

export function reportStep(summary: string, heartbeatTimeoutMs?: number): Activities['report'] {
  return proxyActivities<Activities['report']>(optionsFor({ queue: 'report', summary, heartbeatTimeoutMs }));
}

/** Runs on the workspace queue, since it needs the working tree; unlike other steps there it may take long. */
export function checkStep(place: Omit<StepPlace, 'queue'>): Activities['workspace'] {
  return proxyActivities<Activities['workspace']>(optionsFor({ ...place, queue: 'workspace' }));
}

export function reviewerStep(place: StepPlace): Activities['analysis'] {
  return proxyActivities<Activities['analysis']>(optionsFor(place));
}
