import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { answers, hostAndPort } from '#client/services/tcp.ts';

test('an address answers while something listens there', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const place = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  expect(await answers(place, 1_000)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await answers(place, 1_000)).toBe(false);
});

test('an address that answers is heard by a process that was busy meanwhile', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const answer = answers(`127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, 20);
  for (const until = performance.now() + 100; performance.now() < until; );
  expect(await answer).toBe(true);
  await new Promise((resolve) => server.close(resolve));
});

test('what is no address never answers', async () => {
  expect(await answers('nonsense', 1_000)).toBe(false);
});

test.each([
  ['127.0.0.1:7233', { host: '127.0.0.1', port: 7233 }],
  ['[::1]:7233', { host: '::1', port: 7233 }],
  ['temporal.example.org:443', { host: 'temporal.example.org', port: 443 }],
  ['::1:7233', null],
  ['host', null],
  ['host:0', null],
  ['host:99999', null],
  [':7233', null],
  ['http://host:7233', null],
])('the address %j is read as %j', (address, expected) => {
  expect(hostAndPort(address)).toEqual(expected);
});
