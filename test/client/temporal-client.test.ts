import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectTemporal } from '#client/temporal-client.ts';

/** gRPC's own numbers. */
const [unimplemented, unavailable] = [12, 14];

let server: Http2Server;
let address: string;
let asked: string[];
const sessions = new Set<ServerHttp2Session>();

/** A service that greets, and is too busy for anything else. */
beforeEach(async () => {
  asked = [];
  server = createServer();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, { ':path': path = '' }) => {
    stream.on('error', () => undefined);
    asked.push(path.split('/').at(-1) ?? '');
    const status = path.endsWith('GetSystemInfo') ? unimplemented : unavailable;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status), 'grpc-message': 'busy' }, { endStream: true });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const session of sessions) session.destroy();
  sessions.clear();
  await new Promise((resolve) => { server.close(resolve); });
});

describe('a connection', () => {
  test('that is closed while a call waits to be tried again ends it, and nothing is thrown behind anybody\'s back', async () => {
    const { connection } = await connectTemporal({ address, namespace: 'default' });
    const told = connection.workflowService.describeNamespace({ namespace: 'default' }).catch((error: unknown) => error);
    while (!asked.includes('DescribeNamespace')) await sleep(5);
    await sleep(20);
    await connection.close();
    expect(await told).toMatchObject({ code: 1, details: 'The connection was closed.' });
    expect(asked).toEqual(['GetSystemInfo', 'DescribeNamespace']);
  });

  test('tries again what a busy service refuses', async () => {
    const { connection } = await connectTemporal({ address, namespace: 'default' });
    const told = connection.workflowService.describeNamespace({ namespace: 'default' }).catch((error: unknown) => error);
    while (asked.length < 3) await sleep(5);
    await connection.close();
    await told;
    expect(asked.slice(0, 3)).toEqual(['GetSystemInfo', 'DescribeNamespace', 'DescribeNamespace']);
  });

  test('that was closed refuses whoever calls', async () => {
    const { connection } = await connectTemporal({ address, namespace: 'default' });
    await connection.close();
    await expect(async () => connection.workflowService.describeNamespace({ namespace: 'default' })).rejects.toThrow('Channel has been shut down');
  });
});
