import { AppError } from '#domain/errors.ts';
import { findCommand } from '#io/service-process.ts';
import { type LocateRequest, type TemporalBinary, fromCache } from './binary.ts';
import { installTemporal } from './install.ts';
import { fittingServers, probe } from './versions.ts';

/**
 * Finds a Temporal server for this machine, or brings one: what the user configured, `temporal` on the search path, the
 * one brought earlier, the official download, a build with Go. A server outside the supported versions is passed over.
 *
 * Fails   Misconfigured TEMPORAL_UNFIT (the configured one), TEMPORAL_NOT_FOUND (no way is open; the message lists what
 *         was tried and what to do) · Unavailable LEASE_HELD · the signal's own reason
 */
export async function locateTemporal(request: LocateRequest): Promise<TemporalBinary> {
  request.signal?.throwIfAborted();
  if (request.configured !== undefined && request.configured !== '') return fromConfiguration(request.configured, request);
  return (await fromSearchPath(request)) ?? (await fromCache(request)) ?? (await installTemporal(request));
}

async function fromConfiguration(configured: string, request: LocateRequest): Promise<TemporalBinary> {
  const path = findCommand(configured, request.searchPath);
  if (path === null) throw unfit(configured, 'there is no such executable file.');
  const answer = await probe(path, request);
  if (!answer.fits) throw unfit(configured, answer.why);
  return { path, serverVersion: answer.serverVersion, origin: 'configured' };
}

function unfit(configured: string, why: string): AppError {
  return new AppError('Misconfigured', 'TEMPORAL_UNFIT', `KOUBOU_TEMPORAL names ${configured}, but ${why} Name ${fittingServers}, or unset it.`);
}

async function fromSearchPath(request: LocateRequest): Promise<TemporalBinary | null> {
  const path = findCommand('temporal', request.searchPath);
  if (path === null) return null;
  const answer = await probe(path, request);
  if (answer.fits) return { path, serverVersion: answer.serverVersion, origin: 'path' };
  request.progress(`${path} is passed over: ${answer.why}`);
  return null;
}
