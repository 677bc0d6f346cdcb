import { describe, expect, test } from 'vitest';
import { createTomlEngine } from '#reviewers/engines/toml.ts';
import { createYamlEngine } from '#reviewers/engines/yaml.ts';

const yaml = (text: string) => createYamlEngine().analyze({ name: 'a.yaml', language: 'yaml', text, depth: 'full' });
const toml = (text: string) => createTomlEngine().analyze({ name: 'a.toml', language: 'toml', text, depth: 'full' });

describe('YAML', () => {
  test('that is well formed has no findings, in several documents and with comments', async () => {
    expect(await yaml('a: 1 # one\nb: [x, y]\n---\nc: &d {e: f}\ng: *d\n')).toEqual({ findings: [], parses: true });
  });

  test('that does not parse says where and why', async () => {
    const text = 'a: 1\nb: [x\n';
    expect(await yaml(text)).toEqual({
      findings: [{ ruleId: 'yaml/bad-indent', category: 'syntax', severity: 'critical', confidence: 0.95, message: expect.any(String), start: expect.any(Number), end: expect.any(Number) }],
      parses: false,
    });
  });

  test('that gives a key twice has a fault, not a parse error, at any depth', async () => {
    const text = 'a: 1\nb:\n  - c: 1\n    c: 2\na: 2\n';
    const { findings, parses } = await yaml(text);
    expect({ parses, found: findings.map(({ ruleId, start, end }) => [ruleId, start, text.slice(start, end)]) }).toEqual({
      parses: true,
      found: [
        ['yaml/duplicate-key', 26, 'a'],
        ['yaml/duplicate-key', 21, 'c'],
      ],
    });
  });

  test('may merge several times and repeat values in lists', async () => {
    expect((await yaml('x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x\nz: [1, 1]\n')).findings).toEqual([]);
  });

  test('that is an alias bomb is recognised without being expanded', async () => {
    const levels = 'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(8).fill(`*${'abcdefgh'[index]}`).join(',')}]`);
    const { findings } = await yaml(['a: &a [x,x,x,x,x,x,x,x]', ...levels].join('\n'));
    expect(findings).toMatchObject([{ ruleId: 'yaml/alias-bomb', category: 'security', severity: 'high', cwe: 'CWE-776' }]);
  });

  test('with 8,000 keys takes no longer than its length', async () => {
    const text = Array.from({ length: 8_000 }, (_, index) => `k${index}: 1`).join('\n');
    expect(await yaml(text)).toEqual({ findings: [], parses: true });
  });
});

describe('TOML', () => {
  test('that is well formed has no findings', async () => {
    expect(await toml('a = 1\n[b]\nc = "d"\n')).toEqual({ findings: [], parses: true });
  });

  test.each([
    ['that does not parse', 'a = 1\nb = = 2\n', 10],
    ['that gives a key twice', 'a = 1\na = 2\n', 8],
  ])('%s says where, without quoting the text', async (_what, text, start) => {
    const { findings, parses } = await toml(text);
    expect(parses).toBe(false);
    expect(findings).toEqual([{ ruleId: 'toml/parse', category: 'syntax', severity: 'critical', confidence: 0.95, message: expect.stringMatching(/^[^\n]+$/), start: expect.any(Number), end: expect.any(Number) }]);
    expect(Math.abs(findings[0]!.start - start)).toBeLessThan(5);
  });
});
