import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { kindOf, languages, type Language } from '#domain/artifact.ts';
import { scoredCategories } from '#domain/finding.ts';
import type { ReviewerResult } from '#domain/review.ts';
import { createDefaultRegistry } from '#reviewers/registry.ts';

const registry = createDefaultRegistry();
afterAll(() => registry.close());

const extensions: Readonly<Record<Language, string>> = { typescript: '.ts', javascript: '.js', python: '.py', json: '.json', css: '.css', markdown: '.md', yaml: '.yaml', toml: '.toml', text: '.txt', unknown: '' };

function review(language: Language, text: string, timeoutMs = 60_000): Promise<ReviewerResult> {
  const input = { name: `a${extensions[language]}`, language, kind: kindOf(language), text, requested: scoredCategories };
  return registry.reviewer('static').review(input, { signal: new AbortController().signal, timeoutMs });
}

function expectSound({ findings }: ReviewerResult, text: string): void {
  const lines = text.split('\n').length;
  expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
  for (const { place, confidence, message } of findings) {
    expect(place.line >= 1 && place.line <= lines && place.column >= 1).toBe(true);
    expect(place.endLine > place.line || (place.endLine === place.line && place.endColumn >= place.column)).toBe(true);
    expect(confidence > 0 && confidence <= 1 && message.length > 0 && !message.includes('\n')).toBe(true);
  }
}

const piece = fc.constantFrom(
  'a', ' ', '\n', '\r\n', '\r', '\t', '\0', '\ud800', '\udc00', '😀', '日', '"', "'", '`', '{', '}', '[', ']', '(', ')', '<', '>', ':', '=', '-', '#', '*', '/', '\\', '|', '&', '!', '.', ',', '1',
  'def f():\n', 'import os\n', 'function ', 'class A', '```\n', '---\n', '${', '*/', '/*', 'key: ', '[t]\n', 'if x is "a":\n',
);

describe('the static reviewer and hostile texts', () => {
  test.each(languages.map((language) => [language]))('gives a sound answer on any text: %s', async (language) => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const text = pieces.join('');
        const result = await review(language, text);
        expectSound(result, text);
        expect(result.engines.flatMap(({ id, error }) => (error === undefined ? [] : [`${id}: ${error}`]))).toEqual([]);
      }),
      { numRuns: 25, seed: 20261120 },
    );
  });

  // On many lines: on one they would be taken for minified, and hardly be looked at.
  test.each<[Language, string, string]>([
    ['typescript', '100,000 brackets', `${'['.repeat(100)}\n`.repeat(1_000)],
    ['javascript', '20,000 nested calls', `${'f('.repeat(100)}\n`.repeat(200) + `${')'.repeat(100)}\n`.repeat(200)],
    ['python', '100,000 brackets', `${'('.repeat(100)}\n`.repeat(1_000)],
    ['json', '100,000 brackets', `${'['.repeat(100)}\n`.repeat(1_000)],
    ['yaml', '20,000 brackets', `${'['.repeat(100)}\n`.repeat(200)],
    ['markdown', '5,000 nested quotes', `${'>'.repeat(5_000)} a\n`],
    ['css', '50,000 braces', `${'a{'.repeat(100)}\n`.repeat(500)],
  ])('outlives deep nesting in %s: %s', async (language, _what, text) => {
    const startedAt = performance.now();
    expectSound(await review(language, text, 8_000), text);
    // The time an attempt may take, and what a busy machine adds to putting the answer together.
    expect(performance.now() - startedAt).toBeLessThan(14_000);
    expect((await review('toml', 'a = 1\n')).engines.every(({ error }) => error === undefined)).toBe(true);
  });

  test.each<[Language]>([['typescript'], ['python'], ['markdown'], ['json'], ['unknown']])('is done with one line of 10 MiB in two seconds: %s', async (language) => {
    await review(language, 'warm up\n');
    const before = process.cpuUsage();
    const { findings, parses } = await review(language, 'x'.repeat(10 * 1_048_576));
    // Computing time and not the clock's, so that a busy machine changes nothing.
    const { user, system } = process.cpuUsage(before);
    expect({ rules: findings.map(({ ruleId }) => ruleId), parses, isFast: (user + system) / 1_000 < 2_000 }).toEqual({ rules: ['limits/TOO_LONG_LINE'], parses: null, isFast: true });
  });

  test.each([
    ['sentences', 'A sentence in a long document. Another one.\n\n'],
    ['links', `${'[a](b) '.repeat(8)}\n`],
    ['tags', `${'<a><b>'.repeat(8)}\n`],
    ['nested lists', `${'- '.repeat(12)}x\n`],
  ])('is done with 20 MB of Markdown in its time, and says what it left out: %s', async (_, unit) => {
    const text = unit.repeat(Math.floor(19_900_000 / unit.length));
    const result = await review('markdown', text, 18_000);
    expect(result.engines.map(({ id, categories, error }) => ({ id, categories, error }))).toEqual([
      { id: 'secretlint', categories: ['security'], error: undefined },
      { id: 'markdownlint', categories: ['syntax'], error: undefined },
    ]);
    expect(result.findings.find(({ ruleId }) => ruleId === 'limits/LARGE_TEXT')?.message).toContain('Not asked: metrics.');
  });

  test('never quotes a secret, whoever finds fault with it', async () => {
    const token = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;
    const texts: [Language, string][] = [
      ['typescript', `export const a: number = "${token}";\nexport const b = { "${token}": 1, "${token}": 2 };\n`],
      ['python', `a = {"${token}": 1, "${token}": 2}\npassword = "${token}"\n`],
      ['json', `{ "${token}": 1, "${token}": 2 }\n`],
      ['markdown', `# T\n\n[a](#${token}) https://user:${token}@example.org\n`],
      ['yaml', `a: ${token}\na: ${token}\n b: [${token}\n`],
      ['toml', `a = ${token}\n`],
    ];
    for (const [language, text] of texts) {
      const { findings } = await review(language, text);
      expect(findings.map(({ source }) => source)).toContain('secretlint');
      expect(JSON.stringify(findings)).not.toContain(token);
    }
  });

  test("executes and reads nothing of the project around the text", { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'koubou-hostile-'));
    try {
      const run = 'require("child_process").execSync("touch pwned")';
      writeFileSync(path.join(folder, 'eslint.config.js'), `${run};\nmodule.exports = [];\n`);
      writeFileSync(path.join(folder, 'biome.json'), '{ "linter": { "enabled": false } }');
      writeFileSync(path.join(folder, 'pyproject.toml'), '[tool.ruff.lint]\nignore = ["ALL"]\n');
      writeFileSync(path.join(folder, 'tsconfig.json'), '{ "compilerOptions": { "noCheck": true, "plugins": [{ "name": "./evil.js" }] } }');
      writeFileSync(path.join(folder, '.markdownlint.json'), '{ "default": false }');
      writeFileSync(path.join(folder, '.markdownlint.cjs'), run);
      writeFileSync(path.join(folder, '.secretlintrc.json'), '{ "rules": [] }');
      const before = readdirSync(folder);
      const registryUrl = new URL('../../src/reviewers/registry.ts', import.meta.url).href;
      const code = `
        const { createDefaultRegistry } = await import(${JSON.stringify(registryUrl)});
        const registry = createDefaultRegistry();
        const texts = { 'a.ts': ['typescript', 'export const a: number = "x";\\ndebugger;\\n'], 'a.py': ['python', 'import os\\n'], 'a.md': ['markdown', '##A\\n'] };
        for (const [name, [language, text]] of Object.entries(texts)) {
          const result = await registry.reviewer('static').review({ name, language, kind: 'code', text, requested: [] }, { timeoutMs: 60000, signal: new AbortController().signal });
          console.log(result.findings.map((finding) => finding.ruleId).join(' '));
        }`;
      const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, encoding: 'utf8', timeout: 110_000 });
      expect({ stdout: result.stdout, files: readdirSync(folder) }).toEqual({ stdout: 'typescript/TS2322 biome/noDebugger\nruff/F401\nmarkdownlint/MD018 markdownlint/MD041\n', files: before });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
