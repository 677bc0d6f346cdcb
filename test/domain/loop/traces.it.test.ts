import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '#domain/loop/decide.ts';
import { play } from './promises.ts';
import { traces, traceSeed } from './traces.ts';

const manyTraces = 100_000;

test(`whatever its steps answer, the loop keeps its promises over ${manyTraces} traces (seed ${traceSeed})`, { timeout: 300_000 }, () => {
  let steps = 0;
  fc.assert(
    fc.property(traces, (trace) => {
      steps += play(decide, trace).steps;
    }),
    { seed: traceSeed, numRuns: manyTraces },
  );
  expect(steps).toBeGreaterThan(5 * manyTraces);
});
