import { connect } from 'node:net';

/** Whether something accepts a connection at `host:port` within the time. */
export function answers(address: string, timeoutMs: number): Promise<boolean> {
  const place = hostAndPort(address);
  if (place === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect(place);
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    // Where this process itself was busy for longer than that, the answer may be there already: it is read first.
    socket.setTimeout(timeoutMs, () => setImmediate(() => end(false)));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** 'host:port' or '[::1]:port'; null where it is neither. */
export function hostAndPort(address: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || !(port >= 1 && port <= 65_535) ? null : { host, port };
}
