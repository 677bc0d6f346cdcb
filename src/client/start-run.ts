import { randomUUID } from 'node:crypto';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes, type SearchAttributePair } from '@temporalio/common';
import { AppError } from '#domain/errors.ts';
import { searchAttributes } from '#domain/search-attributes.ts';
import { codeLimits } from '#domain/limits.ts';
import { serviceFailure } from './failures.ts';
import type { Identity } from './identity.ts';
import type { RunKind } from './run-place.ts';
import { workflowTypeOf } from './run-place.ts';

export interface StartOptions {
  readonly kind: RunKind;
  readonly identity: Identity;
  /** The workflow's one argument, wire form. */
  readonly request: Readonly<Record<string, unknown>>;
  /** What is reviewed, for the list of runs: a path, a name, or how many. */
  readonly artifact: string;
  readonly targetScore?: number | undefined;
  readonly tenant: string;
  readonly taskQueue: string;
  readonly priority?: number | undefined;
  /** Several lines of Markdown for the Web UI. */
  readonly details: string;
}

export interface StartedRun {
  readonly kind: RunKind;
  readonly workflowId: string;
  /** Of the first execution: the one handle everywhere. */
  readonly runId: string;
  /** The same request was running already. */
  readonly joined: boolean;
}

const keys = {
  status: defineSearchAttributeKey(searchAttributes.status.name, 'KEYWORD'),
  artifact: defineSearchAttributeKey(searchAttributes.artifact.name, 'KEYWORD'),
  tenant: defineSearchAttributeKey(searchAttributes.tenant.name, 'KEYWORD'),
  target: defineSearchAttributeKey(searchAttributes.target.name, 'DOUBLE'),
} as const;

/** The visibility column is VARCHAR(255). */
const keywordLength = 255;

/**
 * Starts a review or a batch, or joins the one that runs for the same request.
 *
 * Fails   InvalidInput ID_COLLISION (another request has the same id) · Unavailable SERVICE_UNREACHABLE
 */
export async function startRun(client: Client, options: StartOptions): Promise<StartedRun> {
  const { kind, identity } = options;
  const started = randomUUID();
  try {
    const handle = await client.workflow.start(workflowTypeOf[kind], startOptions(options, started));
    const { memo, raw } = await client.workflow.getHandle(identity.workflowId, handle.firstExecutionRunId).describe();
    if (memo?.['koubou_identity'] !== identity.hash) throw collision(identity.workflowId);
    // A batch that is joined may have handed over to a later execution.
    const runId = raw.workflowExecutionInfo?.firstRunId || handle.firstExecutionRunId;
    return { kind, workflowId: identity.workflowId, runId, joined: memo['koubou_start'] !== started };
  } catch (error) {
    throw serviceFailure(error);
  }
}

function startOptions({ kind, identity, request, taskQueue, priority, ...told }: StartOptions, started: string): WorkflowStartOptions {
  const pairs: SearchAttributePair[] = [
    { key: keys.status, value: 'queued' },
    { key: keys.artifact, value: told.artifact.slice(-keywordLength) },
    { key: keys.tenant, value: told.tenant },
    { key: keys.target, value: told.targetScore ?? codeLimits.targetScore },
  ];
  return {
    workflowId: identity.workflowId,
    taskQueue,
    args: [request],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    memo: { koubou_identity: identity.hash, koubou_start: started },
    typedSearchAttributes: new TypedSearchAttributes(pairs),
    staticSummary: `${kind} ${markdownText(told.artifact).slice(-180)}`,
    staticDetails: told.details,
    ...(priority === undefined ? {} : { priority: { priorityKey: priority } }),
  };
}

/** A name inside Markdown stays a name. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, (sign) => `\\${sign}`).replace(/\s+/g, ' ');
}

function collision(workflowId: string): AppError {
  return new AppError('InvalidInput', 'ID_COLLISION', `Another request is running as ${workflowId}. Wait for it with \`koubou wait ${workflowId}\`, or cancel it.`);
}
