import fc from 'fast-check';
import type { Trace } from './world.ts';

/** Fixed, so that a failure here is a failure everywhere; a failing run prints it with the trace. */
export const traceSeed = 20_250_706;

const asPlain = { noNullPrototype: true } as const;

const limits = fc.record({
  targetScore: fc.constantFrom(60, 85, 85, 95, 100),
  maxIterations: fc.oneof(fc.constantFrom(1, 2, 5), fc.integer({ min: 3, max: 20 })),
  iterationTimeoutMs: fc.constantFrom(100, 60_000, 60_000, 86_400_000),
  timeoutMs: fc.constantFrom(5_000, 600_000, 600_000, 600_000_000),
}, asPlain);

export const traces: fc.Arbitrary<Trace> = fc.record({
  request: fc.record({
    limits,
    reviewers: fc.oneof({ arbitrary: fc.constantFrom(['static'], ['static', 'second'], ['static', 'second', 'static', 'third']), weight: 40 }, { arbitrary: fc.constant([]), weight: 1 }),
    checks: fc.constantFrom([], [], [], ['tests']),
    save: fc.constantFrom('none', 'write', 'commit', 'commit'),
    approval: fc.constantFrom('none', 'none', 'before_save'),
    budgetUsd: fc.constantFrom(null, null, null, 0, 0.5, 3),
    budgetTokens: fc.constantFrom(null, null, null, 1, 2_000),
  }, asPlain),
  calm: fc.constantFrom(20, 30, 36, 39, 40),
  inTheEnd: fc.constantFrom('works', 'works', 'fails', 'takes too long'),
  bytes: fc.uint8Array({ maxLength: 800, size: 'max' }),
}, asPlain);
