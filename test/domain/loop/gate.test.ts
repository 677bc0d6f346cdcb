import { describe, expect, test } from 'vitest';
import { gainOf, isReady, refusalOf } from '#domain/loop/gate.ts';
import type { CheckOutcome } from '#domain/check.ts';
import type { Assessed } from '#domain/loop/state.ts';
import type { Review, Tally } from '#domain/review.ts';
import { anAssessed, anEngine, aReview, aReviewWith, aRevision, aTally } from '#test/support/builders.ts';

/** Scores 95.3; the candidates below, with one medium finding, 98.2. */
const best = anAssessed([aReview({ tallies: [aTally({ count: 5 })] })]);

function refusal(review: Partial<Review>, given: Partial<Assessed> = {}, of: Assessed = best): string | null {
  return refusalOf(of, anAssessed([aReview({ tallies: [aTally()], ...review })], { iteration: 2, revision: aRevision('r1'), ...given }));
}

describe('the no-regression gate', () => {
  test('accepts a candidate that scores higher', () => {
    expect(refusal({})).toBeNull();
  });

  test('accepts a candidate that scores the same', () => {
    expect(refusal({ tallies: [aTally({ count: 5 })] })).toBeNull();
  });

  test('refuses what the reviewer saw to be damaged, in its words', () => {
    expect(refusal({ damage: 'It is truncated: it is only the beginning of the previous revision.' })).toBe('It is truncated: it is only the beginning of the previous revision.');
  });

  test.each([0, -1, Number.NaN])('refuses an empty candidate (%d bytes)', (bytes) => {
    expect(refusal({}, { revision: { sha256: 'x', bytes } })).toBe('It is empty.');
  });

  test.each([
    [1_000, 499, 'It looks truncated: 499 bytes are left of 1000.'],
    [1_000, 500, null],
    [200, 99, 'It looks truncated: 99 bytes are left of 200.'],
    [199, 1, null],
    [1_000, 50_000, null],
  ])('of %i bytes, %i left: %s', (before, now, sentence) => {
    const from = { ...best, revision: aRevision('r0', before) };
    expect(refusal({}, { revision: aRevision('r1', now) }, from)).toBe(sentence);
  });

  test('refuses a candidate that does not parse, unless the best one does not either', () => {
    expect(refusal({ parses: false })).toBe('It does not parse.');
    const unparsed = anAssessed([aReview({ parses: false, tallies: [aTally({ count: 5 })] })]);
    expect(refusal({ parses: false }, {}, unparsed)).toBeNull();
    expect(refusal({ parses: true }, {}, unparsed)).toBeNull();
  });

  test('refuses a candidate of which a category can no longer be assessed', () => {
    expect(refusal({ engines: [anEngine({ categories: ['logic', 'syntax', 'security'] })] })).toBe('Its performance could no longer be assessed.');
  });

  describe('and the user\'s own checks', () => {
    const checked = (outcome: CheckOutcome, name = 'tests'): Review => aReview({ reviewer: `check:${name}`, engines: [anEngine({ id: `check:${name}`, categories: [] })], parses: null, check: { name, outcome, exitCode: outcome === 'failed' ? 1 : 0, timedOut: false, output: 'a'.repeat(64) } });
    const poor = aReview({ tallies: [aTally({ count: 5 })] });
    const verdict = (before: readonly Review[], now: readonly Review[]): string | null => refusalOf(anAssessed([poor, ...before]), anAssessed([aReview(), ...now], { iteration: 2, revision: aRevision('r1') }));

    test.each([
      ['passed', 'passed', null],
      ['passed', 'failed', 'It breaks the check tests: passed before, fails now.'],
      ['passed', 'flaky', null],
      ['flaky', 'failed', 'It breaks the check tests: passed before, fails now.'],
      ['failed', 'failed', null],
      ['failed', 'passed', null],
      ['failed', 'flaky', null],
    ] as const)('%s before and %s now: %s', (before, now, because) => {
      expect(verdict([checked(before)], [checked(now)])).toBe(because);
    });

    test('each by itself: one that begins to pass does not make up for one that breaks', () => {
      expect(verdict([checked('failed'), checked('passed', 'types')], [checked('passed'), checked('failed', 'types')])).toBe('It breaks the check types: passed before, fails now.');
    });

    test('one that was not there before breaks nothing', () => {
      expect(verdict([], [checked('failed')])).toBe(null);
    });

    test('a failing one is a blocker whatever the score, and caps it', () => {
      const failing = { ...checked('failed'), tallies: [aTally({ ruleId: 'check/tests', severity: 'high' })] };
      const assessed = anAssessed([aReview(), failing]);
      expect([assessed.scorecard.blockers, assessed.scorecard.score, isReady(assessed, 50)]).toEqual([1, 84, false]);
    });

    test('a passing one makes no score alone', () => {
      expect(anAssessed([checked('passed')]).scorecard.score).toBe(null);
    });
  });

  test('refuses a candidate that kills an engine which ran before, even where another one covers its category', () => {
    const engines = [anEngine(), anEngine({ id: 'biome', categories: ['logic'] })];
    const killed = [anEngine(), anEngine({ id: 'biome', categories: ['logic'], error: 'crashed' })];
    const both = anAssessed([aReview({ engines, tallies: [aTally({ count: 5 })] })]);
    expect(refusal({ engines: killed }, {}, both)).toBe('The engine biome no longer gets through it.');
    const already = anAssessed([aReview({ engines: killed, tallies: [aTally({ count: 5 })] })]);
    expect(refusal({ engines: killed }, {}, already)).toBeNull();
    expect(refusal({ engines }, {}, already)).toBeNull();
  });

  test.each(['high', 'critical'] as const)('refuses a new confirmed %s finding, whatever else became better', (severity) => {
    expect(refusal({ tallies: [aTally({ ruleId: 'r/new', severity, confidence: 0.6 })] })).toBe('It brings a new serious finding (r/new).');
  });

  test('counts serious findings by rule: one more of an old rule is new, one fewer is not, a suspicion is none', () => {
    const serious = (count: number, confidence = 1): Tally => aTally({ ruleId: 'r/old', severity: 'high', count, confidence });
    const from = anAssessed([aReview({ tallies: [serious(2), aTally({ count: 5 })] })]);
    expect(refusal({ tallies: [serious(3)] }, {}, from)).toBe('It brings a new serious finding (r/old).');
    expect(refusal({ tallies: [serious(1), aTally({ ruleId: 'r/old', severity: 'critical' })] }, {}, from)).toMatch(/^It lowers the score/);
    expect(refusal({ tallies: [serious(2), serious(9, 0.5)] }, {}, from)).toBeNull();
    expect(refusal({ tallies: [serious(1)] }, {}, from)).toBeNull();
  });

  test('takes a nonsense count and an unheard-of severity for none', () => {
    const odd = [aTally({ ruleId: 'r/new', severity: 'high', count: Number.NaN }), aTally({ ruleId: 'r/odd', severity: 'fatal' as 'high' })];
    expect(refusal({ tallies: odd })).toBeNull();
  });

  test('refuses a candidate that drops what has to stay, and names five of it', () => {
    expect(refusal({ lost: ['export total'] })).toBe('It drops what has to stay: export total.');
    expect(refusal({ lost: ['a', 'b', 'a', 'c', 'd', 'e', 'f'] })).toBe('It drops what has to stay: a, b, c, d, e.');
  });

  test('refuses a candidate that could not be judged', () => {
    const unassessed = anAssessed([aReview({ engines: [] })]);
    expect(refusal({ engines: [] }, {}, unassessed)).toBe('It could not be judged.');
  });

  test('refuses a candidate that scores lower, and says both scores', () => {
    expect(refusal({ tallies: [aTally({ count: 6 })] })).toBe('It lowers the score from 95.3 to 94.7.');
  });
});

describe('ready', () => {
  test.each([
    ['nothing', null, false],
    ['a score that reaches the target', anAssessed([aReviewWith(5)]), true],
    ['a score below it', anAssessed([aReviewWith(6)]), false],
    ['no score', anAssessed([]), false],
    ['a blocker', anAssessed([aReview({ tallies: [aTally({ severity: 'high' })] })]), false],
    ['a requested category whose engine failed', anAssessed([aReview({ engines: [anEngine(), anEngine({ id: 'biome', error: 'crashed' })] })]), false],
  ])('with %s', (_what, assessed, ready) => {
    expect(isReady(assessed, 85)).toBe(ready);
  });

  test('is reached by the target itself and missed by a tenth of a point', () => {
    const assessed = anAssessed([aReviewWith(5)]);
    expect([85.1, 85.2].map((target) => isReady(assessed, target))).toEqual([true, false]);
  });

  test('needs no blocker even where the target is lower than what a blocker leaves', () => {
    const blocked = anAssessed([aReview({ tallies: [aTally({ severity: 'high' })] })]);
    expect([blocked.scorecard.score, isReady(blocked, 10)]).toEqual([84, false]);
  });
});

describe('the gain of a candidate', () => {
  test('is what it scores above the best revision so far, with one decimal', () => {
    expect(gainOf({ best: anAssessed([aReviewWith(5)]) }, anAssessed([aReviewWith(3)]))).toBe(4.1);
    expect(gainOf({ best: anAssessed([aReviewWith(3)]) }, anAssessed([aReviewWith(5)]))).toBe(-4.1);
    expect(gainOf({ best: null }, anAssessed([aReviewWith(5)]))).toBe(85.1);
    expect(gainOf({ best: anAssessed([aReviewWith(5)]) }, anAssessed([]))).toBe(-85.1);
  });
});
