import { describe, expect, test } from 'vitest';
import { batchTexts, reviewTexts } from '#client/run-texts.ts';
import { markdownText } from '#client/start-run.ts';

describe('what the Web UI says of a run', () => {
  test('that reviews a file', () => {
    expect(reviewTexts({ artifact: { path: 'src/my_file.ts' }, root: '/r', target_score: 90, max_iterations: 3, save: 'commit', tenant: 't', priority: 2 })).toEqual({
      artifact: 'src/my_file.ts',
      targetScore: 90,
      tenant: 't',
      priority: 2,
      details: 'Review of **src/my\\_file.ts**\n\n- below /r\n- target 90\n- at most 3 iterations\n- the best revision is saved and committed',
    });
  });

  test.each([
    [{ name: 'x.md', sha256: 'ab' }, 'x.md'],
    [{ name: 'y.md', text: 'secret' }, 'y.md'],
    [{ task: 'write a poem' }, 'a task'],
  ])('that reviews %j', (artifact, word) => {
    expect(reviewTexts({ artifact })).toEqual({ artifact: word, tenant: 'default', details: `Review of **${word}**\n\n- nothing is written` });
  });

  test.each([
    [{ paths: ['src'] }, 'src'],
    [{ paths: ['a', 'b'] }, '2 paths'],
    [{ diff: {} }, 'changed lines'],
    [{ diff: { base: 'main' } }, 'lines changed since main'],
    [{ requests: [{ artifact: { path: 'a' } }] }, '1 artifact'],
  ])('that reviews the batch %j', (request, word) => {
    expect(batchTexts(request).artifact).toBe(word);
  });
});

test.each([
  ['a*b_c`d', 'a\\*b\\_c\\`d'],
  ['[x](http://y)', '\\[x\\]\\(http://y\\)'],
  ['two\nlines', 'two lines'],
  ['<b>', '\\<b\\>'],
])('the name %j stays a name inside Markdown', (name, escaped) => {
  expect(markdownText(name)).toBe(escaped);
});
