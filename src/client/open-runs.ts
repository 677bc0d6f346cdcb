import { defineSearchAttributeKey } from '@temporalio/common';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { searchAttributes } from '#domain/search-attributes.ts';
import { runStates, type RunState } from '#domain/report.ts';
import { workflowTypes } from '#workflows/messages.ts';
import { serviceFailure } from './failures.ts';

/** A run that has not ended, as the service's index of runs tells it; the index follows within a second. */
export interface OpenRun {
  readonly kind: 'review' | 'batch';
  readonly runId: string;
  readonly workflowId: string;
  readonly state: RunState;
  readonly artifact?: string;
  readonly tenant?: string;
  readonly targetScore?: number;
  readonly score?: number;
  readonly iteration?: number;
  readonly startedAt: string;
}

const keys = {
  status: defineSearchAttributeKey(searchAttributes.status.name, 'KEYWORD'),
  artifact: defineSearchAttributeKey(searchAttributes.artifact.name, 'KEYWORD'),
  tenant: defineSearchAttributeKey(searchAttributes.tenant.name, 'KEYWORD'),
  target: defineSearchAttributeKey(searchAttributes.target.name, 'DOUBLE'),
  score: defineSearchAttributeKey(searchAttributes.score.name, 'DOUBLE'),
  iteration: defineSearchAttributeKey(searchAttributes.iteration.name, 'INT'),
} as const;

/** More open runs than this are not listed. */
const listLimit = 1000;

/** Open runs, newest first; those of a batch are among them. */
export async function listOpenRuns(client: Client, states?: readonly RunState[]): Promise<OpenRun[]> {
  const types = `WorkflowType IN ("${workflowTypes.review}", "${workflowTypes.reviewBatch}")`;
  const inState = states === undefined ? '' : ` AND ${searchAttributes.status.name} IN (${states.map((state) => `"${state}"`).join(', ')})`;
  const runs: OpenRun[] = [];
  try {
    for await (const execution of client.workflow.list({ query: `${types} AND ExecutionStatus = "Running"${inState}` })) {
      runs.push(describeExecution(execution));
      if (runs.length >= listLimit) break;
    }
  } catch (error) {
    throw serviceFailure(error);
  }
  return runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

function describeExecution(execution: WorkflowExecutionInfo): OpenRun {
  const { typedSearchAttributes: told, raw } = execution;
  const text = (name: string, value: string | null | undefined): object => (typeof value === 'string' ? { [name]: value } : {});
  const number = (name: string, value: number | null | undefined): object => (typeof value === 'number' ? { [name]: value } : {});
  const status = told.get(keys.status);
  return {
    kind: execution.type === workflowTypes.reviewBatch ? 'batch' : 'review',
    // A batch that has handed over to a new execution keeps the run id of its first.
    runId: raw.firstRunId || execution.runId,
    workflowId: execution.workflowId,
    state: runStates.find((state) => state === status) ?? 'queued',
    ...text('artifact', told.get(keys.artifact)),
    ...text('tenant', told.get(keys.tenant)),
    ...number('targetScore', told.get(keys.target)),
    ...number('score', told.get(keys.score)),
    ...number('iteration', told.get(keys.iteration)),
    startedAt: execution.startTime.toISOString(),
  };
}
