import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { createStdioTransport } from '#mcp/stdio-transport.ts';

interface Exchange {
  /** What reached the server. */
  readonly taken: JSONRPCMessage[];
  /** What was answered at once. */
  readonly answered: unknown[];
}

async function exchange(...lines: readonly unknown[]): Promise<Exchange> {
  const [input, output, taken] = [new PassThrough(), new PassThrough(), [] as JSONRPCMessage[]];
  const transport = createStdioTransport({ input, output });
  transport.onmessage = (message) => taken.push(message);
  await transport.start();
  const closed = new Promise<void>((resolve) => (transport.onclose = resolve));
  input.end(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  await closed;
  const answers = String(output.read() ?? '').split('\n').filter((line) => line !== '');
  return { taken, answered: answers.map((line) => JSON.parse(line) as unknown) };
}

const refused = (id: string | number | null): object => ({
  jsonrpc: '2.0', id, error: { code: -32_600, message: expect.stringContaining('That is no JSON-RPC message.') as string },
});

describe('messages over standard input', () => {
  test.each([
    ['an array for params', { jsonrpc: '2.0', id: 8, method: 'tools/list', params: [] }, 8],
    ['a text for params', { jsonrpc: '2.0', id: 'a', method: 'tools/list', params: 'x' }, 'a'],
    ['a number for a method', { jsonrpc: '2.0', id: 9, method: 7 }, 9],
    ['null for _meta', { jsonrpc: '2.0', id: 10, method: 'tools/call', params: { name: 'x', _meta: null } }, 10],
    ['null for a progress token', { jsonrpc: '2.0', id: 11, method: 'tools/call', params: { name: 'x', _meta: { progressToken: null } } }, 11],
    ['null for an id', { jsonrpc: '2.0', id: null, method: 'ping' }, null],
    ['a fraction for an id', { jsonrpc: '2.0', id: 1.5, method: 'ping' }, null],
    ['an object for an id', { jsonrpc: '2.0', id: {}, method: 'ping' }, null],
    ['an id beyond whole numbers', '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', null],
    ['another version', { jsonrpc: '1.0', id: 12, method: 'ping' }, 12],
    ['no message at all', 'null', null],
  ])('a request with %s is answered, not dropped', async (_what, line, id) => {
    expect(await exchange(line)).toEqual({ taken: [], answered: [refused(id)] });
  });

  test('a notification that is none is dropped: nobody waits for its answer', async () => {
    expect(await exchange({ jsonrpc: '2.0', method: 'notifications/x', params: [] })).toEqual({ taken: [], answered: [] });
  });

  test('a batch is taken message by message', async () => {
    const [first, second] = [{ jsonrpc: '2.0', id: 1, method: 'ping' }, { jsonrpc: '2.0', id: 2, method: 'ping' }];
    expect(await exchange([first, 5, second])).toEqual({ taken: [first, second], answered: [refused(null)] });
  });

  test('an empty batch and one that is too long are refused', async () => {
    const told = { jsonrpc: '2.0', id: null, error: { code: -32_600, message: 'A batch may have 1 to 50 messages.' } };
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    expect(await exchange([], Array.from({ length: 51 }, () => ping))).toEqual({ taken: [], answered: [told, told] });
  });

  test('what follows a refused line is taken', async () => {
    const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
    expect(await exchange('hello', ping)).toEqual({ taken: [ping], answered: [{ jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'A line is no JSON.' } }] });
  });
});

test('what the SDK says of parameters goes out in plain words', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const issues = JSON.stringify([{ path: ['params', 'uri'], message: 'Invalid input' }]);
  await createStdioTransport({ input, output }).send({ jsonrpc: '2.0', id: 1, error: { code: -32_603, message: issues } });
  expect(JSON.parse(String(output.read()))).toEqual({ jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'The request is not valid: params.uri: Invalid input.' } });
});
