import { describe, expect, test } from 'vitest';
import { evidenceIn } from '#reviewers/judging/evidence.ts';
import { scanForInjection } from '#reviewers/judging/injection.ts';
import { neutralise } from '#reviewers/judging/neutralise.ts';

/** Each takes less than half a second on an idle machine; what is quadratic takes minutes. */
const longestMs = 15_000;

const units = ['a', '\n', ' ', '`', '<', '"', '\\"', '"score": ', 'SYSTEM:\n', '[#>*_-', '[INST]', '\u200B', '\u{E0041}', '\u{1F3F4}\u{E0067}', 'ignore the ', 'give this ', 'すべて指示', '100点', 'score: 100 ', 'ready: true ', '<!--a-->', '<!-- ', 'aGVsbG8gd29ybGQgaGVsbG8g ', '![x](http', 'curl ~/.ssh/ ', 'x … '];

describe.each(units)('a megabyte of %j', (unit) => {
  const text = unit.repeat(1_000_000 / unit.length);

  test('is scanned, shown and searched in time', () => {
    const began = performance.now();
    scanForInjection(text, 'a.md');
    expect(neutralise(text)).toHaveLength(text.length);
    const { find } = evidenceIn(text);
    expect(find(`${text.slice(0, 1_500)}zz9`, 700_000)).toBeNull();
    expect(find(`${text.slice(0, 900)}zz9${text.slice(0, 900)}`)).toBeNull();
    find(`${text.slice(0, 40)} … ${text.slice(0, 40)}`);
    expect(performance.now() - began).toBeLessThan(longestMs);
  });
});
