import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Door {
  readonly url: string;
  close(): Promise<void>;
}

/** A way to a host that shows its token for whoever cannot; every other header goes through as it came. */
export async function openDoor(to: string, token: string): Promise<Door> {
  const target = new URL(to);
  const server = createServer((request, response) => {
    const onward = httpRequest(target, { method: request.method, path: request.url, headers: { ...request.headers, authorization: `Bearer ${token}` }, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
