import { ServiceError, WorkflowFailedError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, NamespaceNotFoundError, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { AppError, summarizeError } from '#domain/errors.ts';
import { readWorkflowFailure, serviceFailure } from '#client/failures.ts';

const failed = (cause: Error | undefined): WorkflowFailedError => new WorkflowFailedError('Workflow execution failed', cause, 'NON_RETRYABLE_FAILURE');
const application = (type: string, details: unknown[] = []): ApplicationFailure => ApplicationFailure.create({ type, message: 'What was wrong.', details });

describe('a workflow without a result', () => {
  test('that failed by one of our kinds keeps kind, code and step', () => {
    expect(readWorkflowFailure(failed(application('InvalidInput', [{ code: 'PATH_TRAVERSAL', step: 'open' }])))).toEqual({
      kind: 'failed',
      error: { kind: 'InvalidInput', code: 'PATH_TRAVERSAL', message: 'What was wrong.', step: 'open' },
    });
  });

  test.each<[string, Error | undefined, { kind: string; code: string }]>([
    ['by an unknown type', application('Surprise'), { kind: 'Bug', code: 'UNEXPECTED' }],
    ['with details of another shape', application('Conflict', ['text']), { kind: 'Conflict', code: 'UNEXPECTED' }],
    ['because it was terminated', new TerminatedFailure('terminated'), { kind: 'Unavailable', code: 'RUN_TERMINATED' }],
    ['because its time was over', new TimeoutFailure('timed out', undefined, 'START_TO_CLOSE'), { kind: 'TimedOut', code: 'RUN_TIMED_OUT' }],
    ['without a cause', undefined, { kind: 'Bug', code: 'UNEXPECTED' }],
  ])('%s', (_how, cause, expected) => {
    expect(readWorkflowFailure(failed(cause))).toMatchObject({ kind: 'failed', error: expected });
  });

  test('that was cancelled says so', () => {
    expect(readWorkflowFailure(failed(new CancelledFailure('cancelled')))).toEqual({ kind: 'cancelled' });
  });

  test('is told apart from a service that does not answer', () => {
    expect(() => readWorkflowFailure(grpc(14, 'no connection'))).toThrow(AppError);
  });
});

function grpc(code: number, details: string): ServiceError {
  return new ServiceError('Failed', { cause: Object.assign(new Error(details), { code, details, metadata: {} }) });
}

describe('what a call throws', () => {
  test.each<[string, Error, string]>([
    ['a service that is gone', grpc(14, 'no connection'), 'Unavailable SERVICE_UNREACHABLE'],
    ['a deadline', grpc(4, 'deadline'), 'Unavailable SERVICE_UNREACHABLE'],
    ['missing rights', grpc(7, 'denied'), 'Misconfigured TEMPORAL_DENIED'],
    ['a missing key', grpc(16, 'who are you'), 'Misconfigured TEMPORAL_DENIED'],
    ['a call that was not understood', grpc(3, 'bad'), 'Unavailable SERVICE_FAILED'],
    ['an unknown run', new WorkflowNotFoundError('not found', 'w', 'r'), 'InvalidInput RUN_NOT_OPEN'],
    ['an unknown namespace', new NamespaceNotFoundError('elsewhere'), 'Misconfigured NAMESPACE_NOT_FOUND'],
    ['a refused decision', new WorkflowUpdateFailedError('refused', ApplicationFailure.create({ type: 'InvalidInput', message: 'No.', details: [{ code: 'DECISION_REFUSED' }] })), 'InvalidInput DECISION_REFUSED'],
  ])('%s', (_what, error, expected) => {
    const { kind, code } = summarizeError(serviceFailure(error));
    expect(`${kind} ${code}`).toBe(expected);
  });

  test('is left alone where it is not the service', () => {
    const error = new TypeError('ours');
    expect(serviceFailure(error)).toBe(error);
  });
});
