import {
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  isGrpcServiceError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, NamespaceNotFoundError, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { AppError, isErrorKind, type ErrorSummary } from '#domain/errors.ts';

/** How a workflow that was waited for ended, if not with a result. */
export type WorkflowFailure = { readonly kind: 'cancelled' } | { readonly kind: 'failed'; readonly error: ErrorSummary };

/** Reads why a workflow has no result; what is not a workflow's own failure is thrown on as `serviceFailure`. */
export function readWorkflowFailure(error: unknown): WorkflowFailure {
  if (!(error instanceof WorkflowFailedError)) throw serviceFailure(error);
  const { cause } = error;
  if (cause instanceof CancelledFailure) return { kind: 'cancelled' };
  return { kind: 'failed', error: summaryOf(cause) };
}

function summaryOf(cause: Error | undefined): ErrorSummary {
  if (cause instanceof ApplicationFailure) return fromApplication(cause);
  if (cause instanceof TerminatedFailure) {
    return { kind: 'Unavailable', code: 'RUN_TERMINATED', message: 'Somebody terminated the run from outside; what it had reached is kept. Start it again.' };
  }
  if (cause instanceof TimeoutFailure) {
    return { kind: 'TimedOut', code: 'RUN_TIMED_OUT', message: 'The run was given a time limit from outside, and it is over. Start it again.' };
  }
  return { kind: 'Bug', code: 'UNEXPECTED', message: cause?.message ?? 'The run ended without a word.' };
}

function fromApplication({ type, message, details }: ApplicationFailure): ErrorSummary {
  const [told] = (details ?? []) as ({ code?: unknown; step?: unknown } | null | undefined)[];
  return {
    kind: isErrorKind(type) ? type : 'Bug',
    code: typeof told?.code === 'string' ? told.code : 'UNEXPECTED',
    message,
    ...(typeof told?.step === 'string' ? { step: told.step } : {}),
  };
}

/** gRPC status codes that mean: not now. */
const passing: readonly number[] = [1, 4, 8, 10, 14];
const notPermitted: readonly number[] = [7, 16];

/** Anything a call to Temporal throws, as one of our errors. */
export function serviceFailure(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    const { kind, code, message } = fromApplication(error.cause);
    return new AppError(kind, code, message, { cause: error });
  }
  if (error instanceof WorkflowNotFoundError) {
    return new AppError('InvalidInput', 'RUN_NOT_OPEN', 'The service knows no open run of that id; it has ended, or it runs on another service. koubou list shows what there is.', { cause: error });
  }
  if (error instanceof NamespaceNotFoundError) {
    return new AppError('Misconfigured', 'NAMESPACE_NOT_FOUND', `The Temporal service has no namespace ${error.namespace}; name one that it has by TEMPORAL_NAMESPACE.`, { cause: error });
  }
  return isGrpcFailure(error) ? fromGrpc(error) : error;
}

function isGrpcFailure(error: unknown): error is ServiceError {
  return error instanceof ServiceError || isGrpcServiceError(error);
}

function fromGrpc(error: ServiceError): AppError {
  const grpc = isGrpcServiceError(error) ? error : isGrpcServiceError(error.cause) ? error.cause : undefined;
  const code = grpc?.code ?? 14;
  const said = grpc?.details ?? error.message;
  if (notPermitted.includes(code)) {
    return new AppError('Misconfigured', 'TEMPORAL_DENIED', `The Temporal service denies access: ${said}. Check TEMPORAL_API_KEY and the TEMPORAL_TLS_* settings.`, { cause: error });
  }
  if (passing.includes(code)) return new AppError('Unavailable', 'SERVICE_UNREACHABLE', `The Temporal service does not answer (${said}). Try again; koubou status tells whether it runs.`, { cause: error });
  return new AppError('Unavailable', 'SERVICE_FAILED', `The Temporal service refused the call: ${said}.`, { cause: error });
}
