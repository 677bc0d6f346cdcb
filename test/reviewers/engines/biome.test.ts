import { describe, expect, test } from 'vitest';
import { createBiomeEngine } from '#reviewers/engines/biome.ts';
import { plainEdits } from '#reviewers/engines/biome-edits.ts';
import { biomeGroups, biomeRules } from '#reviewers/engines/biome-rules.ts';
import type { EngineDocument, RawFinding } from '#reviewers/engines/engine.ts';

const engine = createBiomeEngine();

async function check(text: string, name = 'a.ts', more: Partial<EngineDocument> = {}) {
  const language = name.endsWith('.css') ? 'css' : /\.jsonc?$/.test(name) ? 'json' : 'typescript';
  return engine.analyze({ name, language, text, depth: 'full', ...more });
}

async function fixed(text: string, name?: string): Promise<string> {
  const edits = (await check(text, name)).findings.flatMap((finding: RawFinding) => finding.edits ?? []);
  return edits.toSorted((a, b) => b.start - a.start).reduce((result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end), text);
}

describe('Biome', () => {
  test('says what is wrong, where in UTF-16, and how to put it right', async () => {
    const text = "export const 値 = '日本😀'; debugger;\n";
    expect(await check(text)).toEqual({
      findings: [
        {
          ruleId: 'biome/noDebugger',
          category: 'logic',
          severity: 'medium',
          confidence: 0.8,
          message: 'This is an unexpected use of the debugger statement.',
          suggestion: 'Remove debugger statement',
          start: text.indexOf('debugger'),
          end: text.indexOf('debugger') + 9,
          edits: [{ start: text.indexOf('debugger'), end: text.indexOf('debugger') + 9, text: '' }],
        },
      ],
      parses: true,
    });
  });

  test.each([
    ['a.ts', "import a, { b } from 'x';\nexport const c = b;\n", "import { b } from 'x';\nexport const c = b;\n"],
    ['a.ts', 'export const f = (k: string, o: object) => !k in o;\n', 'export const f = (k: string, o: object) => !(k in o);\n'],
    ['a.ts', 'export const f = (x: number) => Math.min(0, Math.max(100, x));\n', 'export const f = (x: number) => Math.min(100, Math.max(0, x));\n'],
    ['a.tsx', 'export const a = <a href="https://a.example" target="_blank">x</a>;\n', 'export const a = <a href="https://a.example" target="_blank" rel="noopener">x</a>;\n'],
    ['a.ts', 'let a = 1;\nlet b = 2;\nexport { a, b };\n', 'const a = 1;\nconst b = 2;\nexport { a, b };\n'],
  ])('has safe edits in %s: %j', async (name, text, expected) => {
    expect(await fixed(text, name)).toBe(expected);
  });

  test.each([
    ['types are needed to know', 'export const f = (a, b) => a == b;\n'],
    ['the value may have been meant', 'export const o = { a: 1, a: 2 };\n'],
    ['a name may be kept on purpose', 'export function f() { const unused = g(); }\ndeclare function g(): number;\n'],
  ])('has no edit where %s', async (_why, text) => {
    expect(await fixed(text)).toBe(text);
  });

  test('parses TypeScript, JSON and CSS, and says where it cannot', async () => {
    expect(await check('{ "a": 1, }\n', 'a.json')).toMatchObject({ parses: false, findings: [{ ruleId: 'biome/parse', severity: 'critical', meaning: 'parse' }] });
    expect(await check('// a\n{ "a": 1 }\n', 'tsconfig.json')).toEqual({ findings: [], parses: true });
    expect(await check('a { color: red; }\n', 'a.css')).toEqual({ findings: [], parses: true });
    expect(await check('a { color red }\n', 'a.css')).toMatchObject({ parses: false });
    expect(await check('const = 1;\n')).toMatchObject({ parses: false });
  });

  test('finds keys that are given twice', async () => {
    expect((await check('{ "a": 1, "a": 2 }\n', 'a.json')).findings).toMatchObject([{ ruleId: 'biome/noDuplicateObjectKeys', category: 'logic', severity: 'high' }]);
  });

  test('finds what is unsafe and what is slow', async () => {
    const { findings } = await check("eval('1');\nexport const f = (xs: string[]) => xs.reduce((a, x) => ({ ...a, [x]: 1 }), {});\n");
    expect(findings.map(({ ruleId, category, severity }) => [ruleId, category, severity])).toEqual([
      ['biome/noGlobalEval', 'security', 'high'],
      ['biome/noAccumulatingSpread', 'performance', 'medium'],
    ]);
  });

  test('only parses what is too big for more', async () => {
    expect(await check('debugger;\n', 'a.ts', { depth: 'syntax' })).toEqual({ findings: [], parses: true });
  });

  test('hands out a bounded number of findings', async () => {
    expect((await check('debugger;\n'.repeat(2_300))).findings.length).toBeLessThan(2_100);
  });
});

describe("Biome's rule table", () => {
  test('holds only rules that Biome knows: an unknown one would be refused at start', () => {
    expect(Object.keys(biomeGroups()).toSorted()).toEqual(['complexity', 'correctness', 'performance', 'security', 'style', 'suspicious']);
    expect(biomeRules.size).toBeGreaterThan(120);
  });

  test('gives style no points', () => {
    const costly = [...biomeRules.values()].filter(({ category, severity }) => category === 'style' && severity !== 'low' && severity !== 'info');
    expect(costly).toEqual([]);
  });
});

describe("Biome's text edits", () => {
  test('become plain edits, with lines that are skipped', () => {
    const text = 'é1\nsame\nsame\nlast\n';
    const ops = [{ diffOp: { delete: { range: [0, 2] } } }, { diffOp: { insert: { range: [2, 4] } } }, { equalLines: { line_count: 2 } }, { diffOp: { equal: { range: [4, 9] } } }] as never;
    expect(plainEdits({ dictionary: 'éXYlast\n', ops }, text)).toEqual([{ start: 0, end: 1, text: 'XY' }]);
  });

  test('that do not fit the text are none', () => {
    expect(plainEdits({ dictionary: 'abc', ops: [{ diffOp: { equal: { range: [0, 3] } } }] as never }, 'abcdef')).toBeNull();
  });
});
