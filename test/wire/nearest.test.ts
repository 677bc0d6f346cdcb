import { describe, expect, it } from 'vitest';
import { nearestWord } from '#wire/nearest.ts';

describe('the word that was meant', () => {
  it.each([
    ['taget', 'target'], ['tagret', 'target'], ['targets', 'target'], ['timeouts', 'timeout'], ['reveiw', 'review'], ['max_iteration', 'max_iterations'],
  ])('for %s is %s', (slip, meant) => {
    expect(nearestWord(slip, ['review', 'target', 'timeout', 'iteration_timeout', 'max_iterations'])).toBe(meant);
  });

  it('is none where nothing is near', () => {
    expect(nearestWord('colour', ['review', 'target'])).toBeUndefined();
    expect(nearestWord('abc', ['xbd'])).toBeUndefined();
    expect(nearestWord('target', [])).toBeUndefined();
  });

  it('is not looked for in an endless word', () => {
    const started = performance.now();
    expect(nearestWord('x'.repeat(1_000_000), ['target'])).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(50);
  });
});
