import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { AppError } from '#domain/errors.ts';
import { callAgain } from './call-again.ts';
import { serviceFailure } from './failures.ts';

export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
  /** TEMPORAL_* of a service that is not our own: certificates, API key. Absent for the local one. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Ten commands that start at once on two cores take seconds to be heard. */
const connectTimeoutMs = 15_000;

/**
 * Connects to a Temporal service; the connection is open when this returns.
 *
 * Fails   Unavailable SERVICE_NOT_ANSWERING, SERVICE_UNREACHABLE · Misconfigured TEMPORAL_DENIED, TEMPORAL_TLS
 */
export async function connectTemporal(place: TemporalPlace): Promise<Client> {
  const { address, namespace } = place;
  try {
    const connection = await Connection.connect({ ...(await secretsOf(place)), address, connectTimeout: connectTimeoutMs, interceptors: callAgain() });
    return new Client({ connection, namespace });
  } catch (error) {
    throw connectFailure(address, serviceFailure(error));
  }
}

// A server that is not there is told by a plain Error, options that contradict each other by a TypeError.
function connectFailure(address: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (error instanceof TypeError) return new AppError('Misconfigured', 'TEMPORAL_TLS', `The TEMPORAL_* settings contradict each other: ${error.message}.`, { cause: error });
  return new AppError('Unavailable', 'SERVICE_NOT_ANSWERING', `No Temporal service answers at ${address} as expected. Check its address, certificate and key; \`koubou doctor\` tells more.`, { cause: error });
}

// Temporal's own rules for its variables and its temporal.toml; only needed where the service is somebody else's.
async function secretsOf({ environment }: TemporalPlace): Promise<ConnectionOptions> {
  if (environment === undefined) return {};
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  return loadClientConnectConfig({ overrideEnvVars: { ...environment } }).connectionOptions;
}
