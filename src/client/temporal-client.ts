import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { serviceFailure } from './failures.ts';

export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
  /** TEMPORAL_* of a service that is not our own: certificates, API key. Absent for the local one. */
  readonly environment?: Readonly<Record<string, string>>;
}

const connectTimeoutMs = 5_000;

/**
 * Connects to a Temporal service; the connection is open when this returns.
 *
 * Fails   Unavailable SERVICE_UNREACHABLE · Misconfigured TEMPORAL_DENIED
 */
export async function connectTemporal(place: TemporalPlace): Promise<Client> {
  const { address, namespace } = place;
  try {
    const connection = await Connection.connect({ ...(await secretsOf(place)), address, connectTimeout: connectTimeoutMs });
    return new Client({ connection, namespace });
  } catch (error) {
    throw serviceFailure(error);
  }
}

// Temporal's own rules for its variables and its temporal.toml; only needed where the service is somebody else's.
async function secretsOf({ environment }: TemporalPlace): Promise<ConnectionOptions> {
  if (environment === undefined) return {};
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  return loadClientConnectConfig({ overrideEnvVars: { ...environment } }).connectionOptions;
}
