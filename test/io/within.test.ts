import { expect, test } from 'vitest';
import { isWithin } from '#io/within.ts';

test.each([
  ['/a/b', '/a/b', true],
  ['/a/b/c', '/a/b', true],
  ['/a/b/..c', '/a/b', true],
  ['/a/bc', '/a/b', false],
  ['/a', '/a/b', false],
  ['/a/c', '/a/b', false],
  ['/a/b/../c', '/a/b', false],
])('%s within %s is %s', (place, above, expected) => {
  expect(isWithin(place, above)).toBe(expected);
});
