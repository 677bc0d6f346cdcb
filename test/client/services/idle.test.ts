import { describe, expect, test } from 'vitest';
import { lastActivity, type Look } from '#client/services/idle.ts';

const quiet: Look = { at: 10_000, working: 0, moved: 0, usedAt: 0 };

describe('whether anything went on', () => {
  test.each<[string, Partial<Look>, number]>([
    ['nothing', {}, 5_000],
    ['a run that works', { working: 1 }, 10_000],
    ['a run that began and ended between two looks', { moved: 1 }, 10_000],
    ['a server that did not tell', { working: null }, 10_000],
    ['a command after the last activity', { usedAt: 7_000 }, 7_000],
    ['a command before it', { usedAt: 4_000 }, 5_000],
  ])('%s', (_, look, expected) => {
    expect(lastActivity(5_000, { ...quiet, ...look })).toBe(expected);
  });
});
