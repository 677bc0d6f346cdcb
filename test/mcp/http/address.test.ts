import { expect, test } from 'vitest';
import { readHttpAddress, readPublicUrl } from '#mcp/http/address.ts';

test.each([
  ['', '127.0.0.1', 8740],
  ['0', '127.0.0.1', 0],
  ['8080', '127.0.0.1', 8080],
  ['localhost:8080', 'localhost', 8080],
  ['0.0.0.0:65535', '0.0.0.0', 65_535],
  ['[::1]:8080', '::1', 8080],
  ['box.local:1', 'box.local', 1],
])('%j means %s, port %i', (text, host, port) => {
  expect(readHttpAddress(text)).toEqual({ host, port });
});

test.each(['x', ':8080', '65536', '-1', 'http://localhost:8080', '::1:8080', 'a b:1', '8080/mcp', '1.5'])('%j is no address', (text) => {
  expect(() => readHttpAddress(text)).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'INPUT_INVALID' }));
});

test.each([['https://reviews.example', 'https://reviews.example/'], ['http://10.0.0.1:8080/koubou', 'http://10.0.0.1:8080/koubou']])('%s is a public address', (text, href) => {
  expect(readPublicUrl(text).href).toBe(href);
});

test.each(['reviews.example', 'ftp://reviews.example', 'https://user:word@reviews.example', 'https://reviews.example?token=1', 'https://reviews.example/#x', ''])('%j is none', (text) => {
  expect(() => readPublicUrl(text)).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'INPUT_INVALID' }));
});
