import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { createActivities } from '#activities/create-activities.ts';
import type { Dependencies } from '#activities/dependencies.ts';
import { allQueues, queueSuffixes, stepQueue } from '#workflows/messages.ts';

export interface WorkerPlan {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Name of the workflows' own queue; the others are named after it. */
  readonly prefix: string;
  /** Full queue names to serve; all where absent. Unknown names are served as reviewer queues (koubou-llm-<provider>). */
  readonly queues?: readonly string[];
  readonly dependencies: Dependencies;
  readonly workflowBundle: NonNullable<WorkerOptions['workflowBundle']>;
  readonly concurrency?: Partial<Record<QueueSuffix, number>>;
  /** How long in-flight steps may go on after a drain began, before they are cancelled. */
  readonly shutdownGraceMs?: number;
}

type QueueSuffix = (typeof queueSuffixes)[number];

export interface RunningWorkers {
  /** Resolves when all workers have stopped; rejects when one broke. */
  readonly finished: Promise<void>;
  /** Lets in-flight steps end, then stops. Safe to call twice. */
  drain(): Promise<void>;
}

/** Steps at once per worker process. Analysis: one engine thread each; the others wait for disk, network or models. */
const defaultConcurrency: Readonly<Record<QueueSuffix, number>> = { analysis: 1, llm: 20, workspace: 16, report: 2 };

/** About 1 MB a cached workflow: sdk-typescript advises a fixed number. */
const cachedWorkflows = 200;

const heartbeatEveryMs = 1_000;

const shutdownGraceMs = 20_000;
/** Whatever has not stopped this long after the grace time is given up. */
const shutdownForceMs = 10_000;

/** Starts Temporal workers for the queues asked for and returns at once. */
export async function createWorkers(plan: WorkerPlan): Promise<RunningWorkers> {
  const activities = createActivities(plan.dependencies);
  const served = plan.queues ?? allQueues(plan.prefix);
  const workers = await Promise.all(served.map((queue) => Worker.create({ ...commonOptions(plan, queue), ...queueOptions(plan, queue, activities) })));
  const finished = Promise.all(workers.map((worker) => worker.run())).then(() => undefined);
  // Told through `finished`; without a listener yet it must not end the process.
  finished.catch(() => undefined);
  return {
    finished,
    drain: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await finished.catch(() => undefined);
    },
  };
}

function commonOptions({ connection, namespace, shutdownGraceMs: grace = shutdownGraceMs }: WorkerPlan, taskQueue: string): WorkerOptions {
  return {
    connection,
    namespace,
    taskQueue,
    shutdownGraceTime: grace,
    shutdownForceTime: grace + shutdownForceMs,
    // A cancellation reaches a step with its next heartbeat, and a retry knows the working time of the last one.
    maxHeartbeatThrottleInterval: heartbeatEveryMs,
    defaultHeartbeatThrottleInterval: heartbeatEveryMs,
  };
}

function queueOptions(plan: WorkerPlan, queue: string, activities: ReturnType<typeof createActivities>): Partial<WorkerOptions> {
  if (queue === plan.prefix) return { workflowBundle: plan.workflowBundle, maxCachedWorkflows: cachedWorkflows };
  const suffix = queueSuffixes.find((known) => stepQueue(plan.prefix, known) === queue) ?? 'llm';
  return { activities: activities[suffix], maxConcurrentActivityTaskExecutions: plan.concurrency?.[suffix] ?? defaultConcurrency[suffix] };
}

export type { NativeConnectionOptions };
export { bundleWorkflowCode, DefaultLogger, Runtime };
