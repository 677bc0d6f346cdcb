import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { withPlainErrors } from '#mcp/plain-errors.ts';

const failed = (code: number, message: string): JSONRPCMessage => ({ jsonrpc: '2.0', id: 1, error: { code, message } });
const told = (text: string): JSONRPCMessage => ({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }], isError: true } });

test.each([
  ['issues of the parameters are told as such, not as a failure of the server',
    failed(-32_603, JSON.stringify([{ code: 'invalid_type', path: ['params', 'uri'], message: 'Invalid input: expected string, received number' }], null, 2)),
    failed(-32_602, 'The request is not valid: params.uri: Invalid input: expected string, received number.')],
  ['another failure keeps its code and words', failed(-32_603, 'Invalid URL'), failed(-32_603, 'Invalid URL')],
  ['what only looks like a list of issues does too', failed(-32_603, '[x'), failed(-32_603, '[x')],
  ['the code is not told twice', failed(-32_602, 'MCP error -32602: There is no run with this id.'), failed(-32_602, 'There is no run with this id.')],
  ['a tool that is not there is told in two lines', told('MCP error -32602: Tool nope not found'), told('Tool nope not found [INPUT_INVALID]\nCorrect the call: tools/list tells the tools and their arguments.')],
  ['what a tool says of itself is left alone', told('It went wrong. [CODE]\nDo this.'), told('It went wrong. [CODE]\nDo this.')],
])('%s', (_what, given, expected) => {
  expect(withPlainErrors(given)).toEqual(expected);
});

test('an answer that is no error is the same object', () => {
  const answer: JSONRPCMessage = { jsonrpc: '2.0', id: 1, result: { content: [] } };
  expect(withPlainErrors(answer)).toBe(answer);
});

test('a name as long as a message is not sent back whole', () => {
  expect(JSON.stringify(withPlainErrors(told(`MCP error -32602: Tool ${'x'.repeat(100_000)} not found`))).length).toBeLessThan(600);
});
