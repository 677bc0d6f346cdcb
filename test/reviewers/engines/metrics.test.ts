import { describe, expect, test } from 'vitest';
import type { Language } from '#domain/artifact.ts';
import { complexityOf, maintainabilityOf, newUnit } from '#reviewers/engines/code-metrics.ts';
import { createMetricsEngine } from '#reviewers/engines/metrics.ts';

const engine = createMetricsEngine();
const names: Partial<Record<Language, string>> = { typescript: 'a.ts', javascript: 'a.js', python: 'a.py', markdown: 'a.md' };

async function measure(language: Language, text: string, previousText?: string) {
  return engine.analyze({ name: names[language]!, language, text, depth: 'full', ...(previousText === undefined ? {} : { previousText }) });
}

async function complexity(language: Language, text: string): Promise<number | undefined> {
  return (await measure(language, text)).metrics?.complexityScore;
}

describe('metrics of TypeScript', () => {
  test('are the numbers of the published formulae', async () => {
    // 9 tokens, all different: V = 9·log2 9 = 28.53; MI = (171 − 5.2·ln 28.53 − 0.23·1 − 16.2·ln 1)·100/171 = 89.7.
    expect(await measure('typescript', '// One.\nfunction one() { return 1; }\n')).toEqual({
      findings: [],
      parses: null,
      metrics: { linesOfCode: 1, complexityScore: 1, maintainabilityIndex: 89.7, functions: 1, commentLines: 1 },
      lost: [],
    });
  });

  test.each([
    ['const f = () => 1;', 1],
    ['function f(a) { if (a) { return 1; } else if (!a) { return 2; } return 3; }', 3],
    ['function f(a, b) { return a && b || (a ?? b); }', 4],
    ['function f(a) { switch (a) { case 1: return 1; case 2: return 2; default: return 3; } }', 3],
    ['function f(xs) { for (const x of xs) for (const k in x) while (k) do { x(); } while (k); }', 5],
    ['function f() { try { g(); } catch { return 1 ? 2 : 3; } finally { h(); } }', 3],
    ['class A { m(a) { a ||= 1; a &&= 2; a ??= 3; } get x() { return this.#x ? 1 : 2; } }', 4],
    ['const a = 1 ? 2 : 3; if (a) { b(); }', 1],
  ])('count the decisions of the most complex function: %j has %i', async (text, expected) => {
    expect(await complexity('javascript', text)).toBe(expected);
  });

  test('count a nested function for itself', async () => {
    expect(await complexity('typescript', 'function outer(a: boolean) { const inner = () => (a ? 1 : a ? 2 : 3); return a ? inner : null; }')).toBe(3);
  });

  test('tell lines of code from comments and blank lines', async () => {
    const text = '/** Doc\n * more\n */\nimport a from "a";\n\nexport const t = `one\n\nthree`; // end\n// last\n';
    expect((await measure('typescript', text)).metrics).toMatchObject({ linesOfCode: 3, commentLines: 4, functions: 0 });
  });

  test('name functions that are too complex, without being sure', async () => {
    const ifs = (count: number) => `export function busy(a: number) {\n${'  if (a > 1) a += 1;\n'.repeat(count)}  return a;\n}\n`;
    const found = async (count: number) => (await measure('typescript', ifs(count))).findings.map(({ ruleId, severity, confidence }) => [ruleId, severity, confidence]);
    expect(await found(14)).toEqual([]);
    expect(await found(15)).toEqual([['metrics/complexity', 'low', 0.5]]);
    expect(await found(25)).toEqual([['metrics/complexity', 'medium', 0.5]]);
    expect((await measure('typescript', ifs(15))).findings[0]).toMatchObject({ start: 0, message: 'busy has a cyclomatic complexity of 16; above 15 it is hard to test.' });
  });

  test('name functions that are hard to change', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `  const v${index} = a * ${index} + b${index}(c, d);`).join('\n');
    const { findings } = await measure('typescript', `export function huge() {\n${lines}\n}\n`);
    expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([['metrics/maintainability', expect.stringMatching(/medium|high/)]]);
  });

  test('are none for a text without code', async () => {
    expect((await measure('typescript', '// nothing\n')).metrics).toBeNull();
  });
});

describe('metrics of Python', () => {
  test('are the numbers of the published formulae', async () => {
    // 7 tokens, all different, 2 lines: V = 7·log2 7 = 19.65; MI = (171 − 5.2·ln 19.65 − 0.23 − 16.2·ln 2)·100/171 = 84.2.
    expect((await measure('python', '# One.\ndef one():\n    return 1\n')).metrics).toEqual({ linesOfCode: 2, complexityScore: 1, maintainabilityIndex: 84.2, functions: 1, commentLines: 1 });
  });

  test.each([
    ['x = 1 if y else 2\n', 1],
    ['def f(a):\n    if a:\n        return 1\n    elif not a:\n        return 2\n    else:\n        return 3\n', 3],
    ['def f(a, b):\n    return a and b or not a\n', 3],
    ['def f(xs):\n    for x in xs:\n        while x:\n            pass\n    return [y for y in xs if y]\n', 5],
    ['def f():\n    try:\n        g()\n    except ValueError:\n        pass\n    except OSError:\n        pass\n', 3],
    ['def f(a):\n    match a:\n        case 1:\n            return 1\n        case _:\n            return 2\n', 3],
    ['def f(a): return 1 if a else 2\n\n# comment\nif f:\n    y = 1 if f else 2 if f else 3\n', 2],
    ['def outer(a):\n    def inner():\n        return 1 if a else 2 if a else 3\n    # between\n\n    if a:\n        return inner\n', 3],
    ['class A:\n    def m(self):\n        pass\n\n    def n(self, a):\n        if a:\n            return 1\n\nif A:\n    z = 1 if A else 2\n', 2],
  ])('count the decisions of the most complex function: %j has %i', async (text, expected) => {
    expect(await complexity('python', text)).toBe(expected);
  });

  test('survive a text that does not parse', async () => {
    expect((await measure('python', 'def f(:\n  x = = 1\n')).metrics).toMatchObject({ functions: 1 });
  });

  test('point at the head of a function in UTF-16', async () => {
    const text = `s = "日本😀"\n\n\ndef büsy(a):\n${'    if a:\n        a += 1\n'.repeat(15)}`;
    const [finding] = (await measure('python', text)).findings;
    expect(text.slice(finding!.start, finding!.end)).toBe('def büsy');
  });
});

describe('what is lost from one revision to the next', () => {
  test('are exports and tests of TypeScript, in their old order', async () => {
    const before = `export const a = 1, { b, c: [d] } = x; export function e() {} export class F {} export interface G {} export type H = 1;
export default e; export { i as j } from './i'; export * from './k'; export * as l from './l'; const hidden = 1;
describe('suite', () => { it.only('works', () => {}); test(\`plain\`, () => {}); test(title, () => {}); });\n`;
    expect((await measure('typescript', 'export const a = 2;\n', before)).lost).toEqual([
      'export b', 'export d', 'export e', 'export F', 'export G', 'export H', 'export default', 'export j', "export * from './k'", 'export l', 'test "suite"', 'test "works"', 'test "plain"',
    ]);
  });

  test('are exports of CommonJS', async () => {
    expect((await measure('javascript', 'exports.b = 1;\n', 'module.exports = { a, b: 1 }; exports.c = 2; module.exports.d = 3;\n')).lost).toEqual(['export a', 'export c', 'export d']);
    expect((await measure('javascript', '', 'module.exports = main;\n')).lost).toEqual(['export default']);
  });

  test('are public definitions and tests of Python', async () => {
    const before = 'def a():\n    def inner():\n        pass\n\ndef _b():\n    pass\n\nclass C:\n    def method(self):\n        pass\n\n    def test_d(self):\n        pass\n\nasync def e():\n    pass\n';
    expect((await measure('python', 'def e():\n    pass\n', before)).lost).toEqual(['def a', 'class C', 'test test_d']);
  });

  test('are headings of Markdown, however they are written', async () => {
    const before = '#Title\n\nPart\n----\n\n## The `end`.\n\n```sh\n# no heading\n```\n\n~~~\n# neither\n~~~\n';
    expect((await measure('markdown', '# Title\n\n## Part\n', before)).lost).toEqual(['heading "The end"']);
    expect((await measure('markdown', '# Title\n\n## Part\n\n## The end\n', before)).lost).toEqual([]);
  });

  test('are at most twenty', async () => {
    const before = Array.from({ length: 30 }, (_, index) => `export const v${index} = 1;`).join('\n');
    expect((await measure('typescript', '', before)).lost).toHaveLength(20);
  });

  test('is nothing without a previous revision', async () => {
    expect((await measure('typescript', '')).lost).toEqual([]);
  });
});

describe('a unit of code', () => {
  test('has an index between 0 and 100', () => {
    const unit = newUnit('f', 0, 1);
    expect([complexityOf(unit), maintainabilityOf(unit)]).toEqual([1, 99.9]);
    unit.decisions = 1_000;
    expect(maintainabilityOf(unit)).toBe(0);
  });
});
