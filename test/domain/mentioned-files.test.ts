import { describe, expect, test } from 'vitest';
import { mentionedFiles } from '#domain/mentioned-files.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

const files = [
  'Makefile', 'README.md', 'config.yaml', 'docs/My Plan.md', 'docs/plan.md', 'docs/設計.md', 'src/app/[id].tsx', 'src/a.ts', 'src/b.ts', 'src/b/index.ts', 'src/c/index.ts', 'src/d/index.ts', 'src/e/index.ts',
  'src/io/files.ts', 'test/b.ts',
];
const named = (text: string, ownFolder?: string): string[] => mentionedFiles(text, { name: 'shop', files, ...(ownFolder === undefined ? {} : { ownFolder }) });

describe('the files that a text names', () => {
  test.each([
    ['a path', 'See src/a.ts for it.', ['src/a.ts']],
    ['a path at the end of a sentence', 'It is in src/a.ts.', ['src/a.ts']],
    ['a path with a line', 'src/a.ts:12 and src/io/files.ts#L3-L9', ['src/a.ts', 'src/io/files.ts']],
    ['a path that begins here', 'Run ./src/a.ts or /src/b.ts', ['src/a.ts', 'src/b.ts']],
    ['a path that begins with the project', 'shop/src/a.ts', ['src/a.ts']],
    ['the end of a path', "import '#io/files.ts'", ['src/io/files.ts']],
    ['a name with an extension', 'settings (config.yaml)', ['config.yaml']],
    ['a name that two files bear, the one nearer to the top first', 'b.ts', ['src/b.ts', 'test/b.ts']],
    ['a name that many files bear: none of them', 'every index.ts', []],
    ['a path that tells which of many', 'src/c/index.ts', ['src/c/index.ts']],
    ['a code span', 'the `Makefile` and `docs/My Plan.md`', ['Makefile', 'docs/My Plan.md']],
    ['a word without an extension outside a code span: nothing', 'The Makefile is old.', []],
    ['a link', '[plan](docs/My%20Plan.md#goals) and [bad](docs/%zz)', ['docs/My Plan.md']],
    ['Japanese words around a name', '設定はconfig.yamlを読み、docs/設計.mdを参照。', ['config.yaml', 'docs/設計.md']],
    ['brackets in a code span', '`src/app/[id].tsx`', ['src/app/[id].tsx']],
    ['an address: nothing', 'https://example.org/index.html', []],
    ['what climbs out: only the end of it', '../../src/a.ts and ../../../../etc/passwd', ['src/a.ts']],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  test('come in the order in which they are first named, each once', () => {
    expect(named('test/b.ts, src/a.ts, test/b.ts, README.md')).toEqual(['test/b.ts', 'src/a.ts', 'README.md']);
  });

  test('are looked for from the text\'s own folder first', () => {
    expect([named('[b](b.ts) [a](../src/a.ts)', 'test'), named('b.ts', 'src'), named('plan.md', 'docs')]).toEqual([['test/b.ts', 'src/a.ts'], ['src/b.ts'], ['docs/plan.md']]);
  });

  test.each(['a.', '`', '](', 'src/', '../', 'a.ts:1:1:', 'x.y ', '設計.md'])('are found in a megabyte of %s within two seconds of the processor', (near) => {
    expect(cpuMs(() => named(near.repeat(1_000_000 / near.length)))).toBeLessThan(2_000);
  });

  test('are found among twenty thousand of one name as fast', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `packages/p${index}/src/index.ts`);
    const text = Array.from({ length: 60_000 }, (_, index) => `q${index}/index.ts`).join('\n');
    let found: string[] = [];
    expect(cpuMs(() => (found = mentionedFiles(`${text}\np777/src/index.ts`, { files: many })))).toBeLessThan(2_000);
    expect(found).toEqual(['packages/p777/src/index.ts']);
  });
});
