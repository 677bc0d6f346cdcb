import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Interceptor>;

/** gRPC's CANCELLED. */
const cancelled = 1;

/**
 * What every connection calls again by: the SDK's own rules, which wait on a timer that nobody stops. Where the connection was
 * closed meanwhile the timer throws, with nobody there to catch it; the call ends as cancelled instead.
 */
export function callAgain(): Interceptor[] {
  return [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), endAfterClose()];
}

function endAfterClose(): Interceptor {
  const tried = new WeakSet<object>();
  return (options, nextCall) => {
    try {
      return nextCall(options) as Call;
    } catch (error) {
      // The first attempt is made by whoever calls, and is told so.
      if (!tried.has(options)) throw error;
      return endedCall as Call;
    } finally {
      tried.add(options);
    }
  };
}

/** As much of a call as an attempt by timer uses. */
const endedCall: Pick<Call, 'start' | 'sendMessage' | 'halfClose'> = {
  start: (metadata, listener) => {
    listener?.onReceiveMessage?.(null);
    listener?.onReceiveStatus?.({ code: cancelled, details: 'The connection was closed.', metadata });
  },
  sendMessage: () => undefined,
  halfClose: () => undefined,
};
