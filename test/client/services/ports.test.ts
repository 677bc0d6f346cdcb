import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { choosePorts, isPortFree } from '#client/services/ports.ts';

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function occupy(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const without = (...busy: number[]) => (port: number) => Promise.resolve(!busy.includes(port));

describe('the ports of the service', () => {
  test('are the wanted ones where they are free', async () => {
    expect(await choosePorts({ grpc: 7233, ui: 8233 }, without())).toEqual({ ports: { grpc: 7233, ui: 8233 }, moved: [] });
  });

  test('are the next free ones where they are busy, and that is said', async () => {
    expect(await choosePorts({ grpc: 7233, ui: 8233 }, without(7233, 7234, 8233))).toEqual({
      ports: { grpc: 7235, ui: 8234 },
      moved: ['Port 7233 is busy: the service takes 7235.', 'Port 8233 is busy: the Web UI takes 8234.'],
    });
  });

  test('are never one and the same', async () => {
    expect((await choosePorts({ grpc: 7233, ui: 7233 }, without())).ports).toEqual({ grpc: 7233, ui: 7234 });
  });

  test('run out with a sentence, at the end of the range too', async () => {
    const none = (): Promise<boolean> => Promise.resolve(false);
    await expect(choosePorts({ grpc: 7233, ui: 8233 }, none)).rejects.toMatchObject({
      kind: 'Unavailable',
      code: 'SERVICE_NO_PORT',
      message: 'No port from 7233 to 7433 is free on this machine: end what listens there, or try again.',
    });
    await expect(choosePorts({ grpc: 65_500, ui: 1 }, none)).rejects.toThrow('from 65500 to 65535');
  });

  test('a port that somebody listens on is not free', async () => {
    const busy = await occupy();
    expect(await isPortFree(busy)).toBe(false);
    await new Promise((resolve) => servers.splice(0)[0]!.close(resolve));
    expect(await isPortFree(busy)).toBe(true);
  });

  test('a real busy port is passed over', async () => {
    const busy = await occupy();
    const { ports } = await choosePorts({ grpc: busy, ui: busy });
    expect([ports.grpc > busy, ports.ui > ports.grpc]).toEqual([true, true]);
  });
});
