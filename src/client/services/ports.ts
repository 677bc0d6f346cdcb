import { createServer } from 'node:net';
import { AppError } from '#domain/errors.ts';

export interface Ports {
  readonly grpc: number;
  readonly ui: number;
}

/** Temporal's own usual ports. */
export const usualPorts: Ports = { grpc: 7233, ui: 8233 };

/** How many neighbours of a busy port are tried. */
const span = 200;

export interface ChosenPorts {
  readonly ports: Ports;
  /** One sentence for each port that is not the wanted one. */
  readonly moved: readonly string[];
}

/**
 * The wanted ports where they are free, else the next free ones above them.
 *
 * Fails   Unavailable SERVICE_NO_PORT when 200 neighbours are busy
 */
export async function choosePorts(wanted: Ports, isFree: (port: number) => Promise<boolean> = isPortFree): Promise<ChosenPorts> {
  const grpc = await nextFree(wanted.grpc, (port) => isFree(port));
  const ui = await nextFree(wanted.ui, async (port) => port !== grpc && (await isFree(port)));
  const moved = [
    ...(grpc === wanted.grpc ? [] : [`Port ${wanted.grpc} is busy: the service takes ${grpc}.`]),
    ...(ui === wanted.ui ? [] : [`Port ${wanted.ui} is busy: the Web UI takes ${ui}.`]),
  ];
  return { ports: { grpc, ui }, moved };
}

async function nextFree(first: number, isFree: (port: number) => Promise<boolean>): Promise<number> {
  const last = Math.min(first + span, 65_535);
  for (let port = first; port <= last; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new AppError('Unavailable', 'SERVICE_NO_PORT', `No port from ${first} to ${last} is free on this machine: end what listens there, or try again.`);
}

/** Whether a server could listen there on the loopback address at this moment. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
