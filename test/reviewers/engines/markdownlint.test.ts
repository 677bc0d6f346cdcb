import { describe, expect, test } from 'vitest';
import type { Depth, EngineOutput, RawFinding } from '#reviewers/engines/engine.ts';
import { createMarkdownlintEngine } from '#reviewers/engines/markdownlint.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

const engine = createMarkdownlintEngine();

async function check(text: string, depth: Depth = 'full'): Promise<readonly RawFinding[]> {
  return (await engine.analyze({ name: 'a.md', language: 'markdown', text, depth })).findings;
}

async function fixed(text: string): Promise<string> {
  const edits = (await check(text)).flatMap((finding) => finding.edits ?? []);
  return edits.toSorted((a, b) => b.start - a.start).reduce((result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end), text);
}

describe('markdownlint', () => {
  test('says what does not render as it was meant, with an edit', async () => {
    expect(await check('# Title\n\nSome 日本 ** bold** text.\n')).toEqual([
      {
        ruleId: 'markdownlint/MD037',
        category: 'syntax',
        severity: 'medium',
        confidence: 0.9,
        message: 'Spaces inside emphasis markers',
        start: 19,
        end: expect.any(Number),
        edits: [{ start: 19, end: 20, text: '' }],
      },
    ]);
  });

  test.each([
    ['# T\n\n##Part\n', '# T\n\n## Part\n'],
    ['# T\n\nSee (the docs)[https://a.example].\n', '# T\n\nSee [the docs](https://a.example).\n'],
    ['# T\n\nSee https://a.example now.\n', '# T\n\nSee <https://a.example> now.\n'],
    ['# T\n\n\n\nText.\n', '# T\n\nText.\n'],
    ['# T\nText.\n', '# T\n\nText.\n'],
    ['# T\n\n[x](#Part)\n\n## Part\n', '# T\n\n[x](#part)\n\n## Part\n'],
  ])('has safe edits: %j', async (text, expected) => {
    expect(await fixed(text)).toBe(expected);
  });

  test.each([
    ['a tag is not a heading', '# T\n\n#tag and more\n'],
    ['a number is not a heading', '# T\n\n#12 was fixed\n'],
    ['tabs in code stay', '# T\n\n```make\nall:\n\tcc a.c\n```\n'],
    ['the end of the last line stays', '# T\n\nText.'],
    ['list markers stay', '# T\n\n* a\n\n+ b\n'],
    ['comments in reference form stay', '# T\n\n[unused]: https://a.example\n'],
  ])('changes nothing that is only a guess: %s', async (_why, text) => {
    expect(await fixed(text)).toBe(text);
  });

  test('sees links that lead nowhere', async () => {
    const rules = (await check('# T\n\n[a]() [b](#none) [c][none]\n')).map(({ ruleId, category }) => [ruleId, category]);
    expect(rules).toEqual([
      ['markdownlint/MD042', 'logic'],
      ['markdownlint/MD051', 'logic'],
      ['markdownlint/MD052', 'logic'],
    ]);
  });

  test('gives cosmetics no points', async () => {
    const found = await check('# T\nText.  \n* a\n\n\n## U:\n');
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter(({ category }) => category !== 'style')).toEqual([]);
  });

  test('looks at the beginning of what is too big', async () => {
    const text = `# T\n\n##Part\n\n${'text\n'.repeat(30_000)}\n##Late\n`;
    expect((await check(text, 'syntax')).map(({ ruleId }) => ruleId)).toEqual(['markdownlint/MD018']);
  });

  test('takes no longer for the findings of a text because the rest of it is long', () => {
    const text = 'words \n'.repeat(1_000).padEnd(19_900_000, 'words of a long text that nobody looks at\n');
    const found: RawFinding[] = [];
    const ms = cpuMs(() => found.push(...(engine.analyze({ name: 'a.md', language: 'markdown', text, depth: 'syntax' }) as EngineOutput).findings));
    expect([found.length > 900, ms < 3_000]).toEqual([true, true]);
  });

  test('takes any text for Markdown', async () => {
    expect(await engine.analyze({ name: 'a.md', language: 'markdown', text: '\0[](((`', depth: 'full' })).toHaveProperty('parses', true);
  });
});
