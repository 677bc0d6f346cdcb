import { describe, expect, test } from 'vitest';
import type { EngineDocument, RawFinding } from '#reviewers/engines/engine.ts';
import { createRuffEngine } from '#reviewers/engines/ruff.ts';
import { ruffRules, ruleFor, safeCodes, selected } from '#reviewers/engines/ruff-rules.ts';

const engine = createRuffEngine();

async function check(text: string, more: Partial<EngineDocument> = {}) {
  return engine.analyze({ name: 'a.py', language: 'python', text, depth: 'full', ...more });
}

async function rulesIn(text: string, more: Partial<EngineDocument> = {}): Promise<string[]> {
  return (await check(text, more)).findings.map(({ ruleId }) => ruleId);
}

/** The text after the edits of one rule's findings. */
async function fixed(text: string, rule: string): Promise<string> {
  const edits = (await check(text)).findings.filter(({ ruleId }) => ruleId === rule).flatMap((finding: RawFinding) => finding.edits ?? []);
  return edits.toSorted((a, b) => b.start - a.start).reduce((result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end), text);
}

describe('ruff', () => {
  test('says what is wrong, where in UTF-16, and how to put it right', async () => {
    const text = 'def f(x):\n    """D."""\n    return "日本😀" if x is "é" else None\n';
    expect(await check(text)).toEqual({
      findings: [
        {
          ruleId: 'ruff/F632',
          category: 'logic',
          severity: 'high',
          confidence: 0.9,
          message: 'Use `==` to compare constant literals',
          suggestion: 'Replace `is` with `==`',
          start: text.indexOf('x is'),
          end: text.indexOf(' else'),
          edits: [{ start: text.indexOf('is "é"'), end: text.indexOf('is "é"') + 2, text: '==' }],
        },
      ],
      parses: true,
    });
  });

  test('reports a file that does not parse, and nothing else of it', async () => {
    const { findings, parses } = await check('import os\ndef f(:\n    pass\n');
    expect(parses).toBe(false);
    expect(findings[0]).toMatchObject({ ruleId: 'ruff/invalid-syntax', category: 'syntax', severity: 'critical', meaning: 'parse' });
  });

  test.each([
    ['import os\nimport sys\nprint(sys)\n', 'ruff/F401', 'import sys\nprint(sys)\n'],
    ['import os, sys\nprint(sys)\n', 'ruff/F401', 'import sys\nprint(sys)\n'],
    ['x = f"plain"\n', 'ruff/F541', 'x = "plain"\n'],
    ['p = "\\d"\n', 'ruff/W605', 'p = r"\\d"\n'],
    ['def f():\n    raise NotImplemented\n', 'ruff/F901', 'def f():\n    raise NotImplementedError\n'],
    ['y = not 1 in [1]\n', 'ruff/E713', 'y = 1 not in [1]\n'],
  ])('has safe edits: %j', async (text, rule, expected) => {
    expect(await fixed(text, rule)).toBe(expected);
  });

  test.each([
    ['def f(a=[]):\n    return a\n', 'ruff/B006'],
    ['def f():\n    x = 1\n', 'ruff/F841'],
    ['y = 1\nz = y == None\n', 'ruff/E711'],
  ])('has no edit where ruff itself is not sure: %j', async (text, rule) => {
    const { findings } = await check(text);
    expect(findings.find(({ ruleId }) => ruleId === rule)).not.toHaveProperty('edits');
  });

  test('has no edits in a text whose lines end in a lone carriage return', async () => {
    const { findings } = await check('x = 1\rimport os\n');
    expect(findings.some(({ edits }) => edits !== undefined)).toBe(false);
  });

  test('lowers what ruff itself calls seemingly safe', async () => {
    const { findings } = await check('import subprocess\nsubprocess.run("ls", shell=True)\n');
    expect(findings.find(({ ruleId }) => ruleId === 'ruff/S602')).toMatchObject({ severity: 'low', confidence: 0.5 });
  });

  test('does not complain of what packages and stubs are made of', async () => {
    expect(await rulesIn('from .a import b\nfrom .c import *\n', { name: 'pkg/__init__.py' })).toEqual([]);
    expect(await rulesIn('import os\ndef f(x: int) -> int: ...\nclass K: ...\n', { name: 'a.pyi' })).toEqual([]);
  });

  test('only parses what is too big for more', async () => {
    expect(await rulesIn('import os\nx = undefined\n', { depth: 'syntax' })).toEqual([]);
    expect(await check('x = (\n', { depth: 'syntax' })).toMatchObject({ parses: false });
  });

  test('finds nothing in plain good code', async () => {
    expect(await check('def add(a: int, b: int) -> int:\n    """Add two numbers."""\n    return a + b\n')).toEqual({ findings: [], parses: true });
  });
});

describe("ruff's rule table", () => {
  test('decides by the longest key', () => {
    expect([ruleFor('F632'), ruleFor('F999'), ruleFor('S102'), ruleFor('Q000')]).toEqual([['logic', 'high', 0.9], ['logic', 'medium'], ['security', 'high', 0.8, 'CWE-95'], null]);
  });

  test('gives every selected rule a category, and style no points', () => {
    expect(selected.filter((prefix) => ruleFor(prefix) === null)).toEqual([]);
    expect(Object.values(ruffRules).filter(([category, severity]) => category === 'style' && severity !== 'info' && severity !== 'low')).toEqual([]);
  });

  test('knows every code whose edits it takes over', () => {
    expect([...safeCodes].filter((code) => ruleFor(code) === null)).toEqual([]);
  });
});
