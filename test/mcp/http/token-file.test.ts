import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadTokens } from '#mcp/http/token-file.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let stateDir: string;

beforeEach(() => {
  scratch = makeScratch('token');
  stateDir = join(scratch.root, 'state');
});

afterEach(() => scratch.remove());

function put(text: string, mode = 0o600): void {
  chmodSync(scratch.put('state/mcp-token', text), mode);
}

function load(fromEnvironment?: string): ReturnType<typeof loadTokens> {
  return loadTokens({ stateDir, fromEnvironment });
}

describe('without a token', () => {
  test('one is made, kept for its owner alone, and told once', () => {
    const file = join(stateDir, 'mcp-token');
    const first = load();
    const token = first.generated ?? '';
    expect(first).toEqual({ tokens: [{ token, principal: { tenant: 'default' } }], place: file, generated: token });
    expect([token.length, readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([43, `${token}\n`, 0o600]);
    expect(load()).toEqual({ tokens: [{ token, principal: { tenant: 'default' } }], place: file });
  });

  test('no two are alike', () => {
    const first = load().generated;
    scratch.remove();
    scratch = makeScratch('token');
    stateDir = scratch.root;
    expect(load().generated).not.toBe(first);
  });
});

describe('KOUBOU_MCP_TOKEN', () => {
  test('counts alone, and nothing is written', () => {
    expect(load('0123456789abcdef')).toEqual({ tokens: [{ token: '0123456789abcdef', principal: { tenant: 'default' } }], place: 'KOUBOU_MCP_TOKEN' });
    expect(existsSync(stateDir)).toBe(false);
  });

  test.each(['brief-one', 'with a space in its middle', 'Größe-0123456789abcdef'])('must not be %j, and is not repeated', (token) => {
    expect(() => load(token)).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'MCP_TOKEN_WEAK', message: expect.not.stringContaining(token) as string }));
  });
});

describe('the file of tokens', () => {
  test('may give tenants tokens of their own', () => {
    put('# mine\n0123456789abcdef\n\nann  ann-0123456789abcdef\nteam.b b-b-0123456789abcdef\n');
    expect(load().tokens).toEqual([
      { token: '0123456789abcdef', principal: { tenant: 'default' } },
      { token: 'ann-0123456789abcdef', principal: { tenant: 'ann' } },
      { token: 'b-b-0123456789abcdef', principal: { tenant: 'team.b' } },
    ]);
  });

  test.each([
    ['', 'MCP_TOKEN_FILE_INVALID'],
    ['# nothing\n', 'MCP_TOKEN_FILE_INVALID'],
    ['ann ann-0123456789abcdef more', 'MCP_TOKEN_FILE_INVALID'],
    ['an/n ann-0123456789abcdef', 'MCP_TOKEN_FILE_INVALID'],
    ['0123456789abcdef\nann 0123456789abcdef', 'MCP_TOKEN_FILE_INVALID'],
    ['ann short', 'MCP_TOKEN_WEAK'],
  ])('must not hold %j', (text, code) => {
    put(text);
    expect(() => load()).toThrow(expect.objectContaining({ kind: 'Misconfigured', code }));
  });

  test.each([0o644, 0o660, 0o602])('must not be open to others: %o', (mode) => {
    put('0123456789abcdef\n', mode);
    expect(() => load()).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'STATE_FILE_OPEN' }));
  });
});
