import { describe, expect, test } from 'vitest';
import type { Language } from '#domain/artifact.ts';
import { engines } from '#reviewers/engines/list.ts';
import { planEngines } from '#reviewers/plan-engines.ts';

function planFor(language: Language, text: string) {
  const { depth, engines: planned, notes } = planEngines(engines, language, text);
  return { depth, engines: planned.map(({ entry, categories }) => `${entry.id}: ${categories.join(' ')}`), notes: notes.map(({ ruleId, category, severity, start }) => [ruleId, category, severity, start]) };
}

describe('the plan for a text', () => {
  test('asks every engine of the language', () => {
    expect(planFor('typescript', 'export {};\n')).toEqual({
      depth: 'full',
      engines: ['secretlint: security', 'biome: syntax logic performance security', 'typescript: syntax logic', 'metrics: logic'],
      notes: [],
    });
    expect(planFor('markdown', '# T\n').engines).toEqual(['secretlint: security', 'markdownlint: syntax logic', 'metrics: ']);
    expect(planFor('text', 'words\n').engines).toEqual(['secretlint: security']);
    expect(planFor('unknown', 'words\n').engines).toEqual(['secretlint: security']);
  });

  test.each([['', []], [' \n\t\r\n', [['limits/BLANK_TEXT', 'style', 'info', 0]]]])('asks nobody about a text without a word: %j', (text, notes) => {
    expect(planFor('python', text)).toEqual({ depth: 'full', engines: [], notes });
  });

  test('asks only one parser and for secrets above 20,000 lines or 1 MB, and says so', () => {
    const note = ['limits/LARGE_TEXT', 'style', 'info', 0];
    expect(planFor('typescript', 'f();\n'.repeat(20_001))).toEqual({ depth: 'syntax', engines: ['secretlint: security', 'biome: syntax'], notes: [note] });
    expect(planFor('python', `${'x = 1  # long\n'.repeat(80_000)}`)).toEqual({ depth: 'syntax', engines: ['secretlint: security', 'ruff: syntax'], notes: [note] });
    expect(planFor('markdown', 'words\n'.repeat(30_000))).toEqual({ depth: 'syntax', engines: ['secretlint: security', 'markdownlint: syntax'], notes: [note] });
    expect(planFor('text', 'words\n'.repeat(30_000))).toEqual({ depth: 'syntax', engines: ['secretlint: security'], notes: [note] });
  });

  test('names the engines that are not asked about a big text', () => {
    const said = (language: Language): string => planEngines(engines, language, 'words\n'.repeat(30_000)).notes[0]!.message;
    expect([said('markdown'), said('json')]).toEqual([
      'The text has more than 20,000 lines or 1 MB: only its beginning was checked, and all of it for secrets. Not asked: metrics.',
      'The text has more than 20,000 lines or 1 MB: only its syntax was checked, and for secrets.',
    ]);
  });

  test('looks only for secrets in what is minified, and says so', () => {
    const minified = `${'a=b;'.repeat(200)}\n`.repeat(10);
    expect(planFor('javascript', minified)).toEqual({ depth: 'syntax', engines: ['secretlint: security'], notes: [['limits/MINIFIED', 'style', 'info', 0]] });
    expect(planFor('markdown', minified).engines).toContain('markdownlint: syntax logic');
    expect(planFor('json', minified).engines).toContain('biome: syntax logic');
  });

  test('looks only for secrets in a text with a line that nobody wrote, and names the line', () => {
    expect(planFor('markdown', `# T\n${'x'.repeat(100_001)}\n`)).toEqual({ depth: 'syntax', engines: ['secretlint: security'], notes: [['limits/TOO_LONG_LINE', 'style', 'low', 4]] });
  });
});
