import { describe, expect, test } from 'vitest';
import type { EngineDocument, RawFinding } from '#reviewers/engines/engine.ts';
import { createTypeScriptEngine } from '#reviewers/engines/typescript.ts';
import { judge } from '#reviewers/engines/typescript-rules.ts';

const engine = createTypeScriptEngine();

async function check(text: string, name = 'a.ts') {
  const language: EngineDocument['language'] = /\.[cm]?jsx?$/.test(name) ? 'javascript' : 'typescript';
  return engine.analyze({ name, language, text, depth: 'full' });
}

async function rulesIn(text: string, name?: string): Promise<string[]> {
  return (await check(text, name)).findings.map(({ ruleId }) => ruleId);
}

async function fixed(text: string): Promise<string> {
  const edits = (await check(text)).findings.flatMap((finding: RawFinding) => finding.edits ?? []);
  return edits.toSorted((a, b) => b.start - a.start).reduce((result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end), text);
}

describe('TypeScript', () => {
  test('finds what types prove wrong, with the place in UTF-16', async () => {
    const text = "export const n: number = '日本😀'; export const m = n.toFixd(2);\n";
    expect(await check(text)).toEqual({
      findings: [
        { ruleId: 'typescript/TS2322', category: 'logic', severity: 'high', confidence: 0.9, message: "Type 'string' is not assignable to type 'number'.", start: 13, end: 14 },
        {
          ruleId: 'typescript/TS2551',
          category: 'logic',
          severity: 'high',
          confidence: 0.9,
          message: "Property 'toFixd' does not exist on type 'number'. Did you mean 'toFixed'?",
          suggestion: "Change spelling to 'toFixed'",
          start: text.indexOf('toFixd'),
          end: text.indexOf('toFixd') + 6,
          edits: [{ start: text.indexOf('toFixd'), end: text.indexOf('toFixd') + 6, text: 'toFixed' }],
        },
      ],
      parses: true,
    });
  });

  test('says nothing of a single file about its project: imports, packages, test runners, build constants', async () => {
    const text = `import express from 'express';
import { helper } from './helper';
import data from './data.json' with { type: 'json' };
import './styles.css';
import type { Options } from '@scope/options';
const app = express();
app.get('/', (request, response) => response.send(helper(request.user.id, data, __VERSION__)));
describe('x', () => { it('y', () => { expect(vi.fn()).toBe($('a')); }); });
export class Service extends app.Base<Options> { @app.inject() private readonly a = 1; run(@app.query() q: string) { return this.other(q, this.a); } }
`;
    const { findings } = await check(text);
    expect(findings.filter(({ confidence }) => confidence >= 0.6)).toEqual([]);
  });

  test('does not miss members that an unknown base may have, only those of known types', async () => {
    const text = `import { Base } from 'base';
class A extends Base { a() { return this.fromBase; } }
class B extends A { b() { return this.fromBase; } }
interface C extends Base { c: string }
export const f = (c: C) => [c.fromBase, new B().fromBase];
class D { d() { return this.fromNowhere; } }
new D();
`;
    const { findings } = await check(text);
    expect(findings.map(({ ruleId, start }) => [ruleId, start])).toEqual([['typescript/TS2339', text.indexOf('fromNowhere')]]);
  });

  test('is not sure of what an unresolved guard or generic left unknown', async () => {
    const text = "import { isName } from './names';\nexport const f = (x: unknown): string => (isName(x) ? x : '');\n";
    const { findings } = await check(text);
    expect(findings.map(({ confidence }) => confidence)).toEqual([0.5]);
    expect(await rulesIn('export function f(xs: string[]) { const found = []; for (const x of xs) found.push(x); return found; }\n')).toEqual([]);
  });

  test('knows Node, the browser and JSX', async () => {
    expect(await rulesIn("import { readFile } from 'node:fs/promises';\nexport const text = await readFile(process.argv[2] ?? '', 'utf8');\nBuffer.from(text);\ndocument.title = text;\nawait fetch(location.href);\n")).toEqual([]);
    expect(await rulesIn("import { useState } from 'react';\nexport function A() { const [n, set] = useState(0); return <button onClick={() => set(n + 1)}>{n}</button>; }\n", 'a.tsx')).toEqual([]);
  });

  test.each([
    ['class A { list: string[] = []; add(s: string) { list.push(s); } }\nnew A();\n', 'this.list.push'],
    ['export async function f() { if (g()) return 1; return 2; }\nasync function g(): Promise<boolean> { return true; }\n', 'if (await g())'],
    ['export const f = (n: number) => n === NaN;\n', '=> Number.isNaN(n)'],
    ['class A {}\nexport const a = A();\n', 'const a = new A()'],
    ['export function f() { return 1; console.log(2); }\n', 'return 1; }'],
    ["export const f = (a: string) => a == 'x';\n", "a === 'x'"],
    ["export const f = (a: number, b: number) => a != b;\n", 'a !== b'],
    ['const customer = 1;\nexport const a = custmer;\n', 'const a = customer;'],
  ])('has safe edits: %j', async (text, expected) => {
    expect(await fixed(text)).toContain(expected);
  });

  test.each([
    ['the name may be meant otherwise', 'const items = [1];\nexport const a = item;\n'],
    ['the two sides have different types', "export const f = (a: string | number) => a == '1';\n"],
    ['one side is null or anything', 'export const f = (a: string | null, b: any) => a == null || a == b;\n'],
    ['what would have to be added is unknown', 'export const a = unheardOf(1);\n'],
    ['the compiler only wants strictness', 'export function f(a?: string) { return a.length; }\n'],
  ])('has no edit where %s', async (_why, text) => {
    expect(await fixed(text)).toBe(text);
  });

  test('reports what does not parse, and only that', async () => {
    const { findings, parses } = await check('const a = ;\nconst b: number = "x";\n');
    expect({ parses, found: findings.map(({ ruleId, category, severity, meaning }) => ({ ruleId, category, severity, meaning })) }).toEqual({
      parses: false,
      found: [{ ruleId: 'typescript/TS1109', category: 'syntax', severity: 'critical', meaning: 'parse' }],
    });
  });

  test('tells of JavaScript only what is certain without types', async () => {
    expect(await rulesIn("let a = 1; a = 'x'.foo; a.b.c = 1; export function f(x) { return unheardOf + x; }\nf();\n", 'a.js')).toEqual(['typescript/TS2304']);
    expect((await check("const fs = require('fs'); module.exports = { a: fs.readFileSync, a: 1 };\n", 'a.cjs')).findings).toMatchObject([{ ruleId: 'typescript/TS1117', confidence: 0.7 }]);
  });

  test('reads no types out of the comments of JavaScript, and takes no types for granted there', async () => {
    expect(await rulesIn("/** @param {IOptions} options @returns {Messsage} */\nexport function f(options) { let a = 1; return a == options.a || a == 2; }\n", 'a.js')).toEqual([]);
  });

  test('never sees more than an extension of the name', async () => {
    expect(await rulesIn('export {};\n', '../../etc/passwd.ts')).toEqual([]);
    expect(await rulesIn("import './artifact.ts';\nimport '/etc/passwd';\nexport {};\n")).toEqual([]);
  });
});

describe("TypeScript's verdicts", () => {
  const asked = { message: '', name: 'x', isJavaScript: false, isSyntactic: false };

  test.each([
    ['a name that does not exist', { code: 2304 }, ['logic', 'high', 0.9]],
    ['one that a build may define', { code: 2304, name: '__DEV__' }, ['logic', 'high', 0.5]],
    ['one that a test runner defines', { code: 2304, name: 'expect' }, null],
    ['an import that cannot be resolved alone', { code: 2307 }, null],
    ['what may be null', { code: 18048 }, ['logic', 'medium', 0.9]],
    ['what is wrong only with null checks', { code: 2322, message: "Type 'string | undefined' is not assignable to type 'string'." }, ['logic', 'medium', 0.9]],
    ['what is wrong with any settings', { code: 2322, message: "Type 'string' is not assignable to type 'number'." }, ['logic', 'high', 0.9]],
    ['a property that someone may add to the window', { code: 2339, message: "Property 'x' does not exist on type 'Window & typeof globalThis'." }, ['logic', 'high', 0.5]],
    ['implicit any, which every unresolved import brings', { code: 7006 }, null],
    ['grammar', { code: 1005 }, ['syntax', 'critical', 0.95]],
    ['a duplicate key, whose number looks like grammar', { code: 1117 }, ['logic', 'high', 0.9]],
    ['a guess about JavaScript', { code: 2339, isJavaScript: true }, null],
    ['anything the parser says', { code: 8010, isJavaScript: true, isSyntactic: true }, ['syntax', 'critical', 0.95]],
  ])('on %s', (_what, diagnosed, expected) => {
    const verdict = judge({ ...asked, ...diagnosed });
    expect(verdict === null ? null : [verdict.category, verdict.severity, verdict.confidence]).toEqual(expected);
  });
});
