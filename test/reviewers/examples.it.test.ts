import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { createDefaultRegistry } from '#reviewers/registry.ts';
import { runLoop } from './support/loop.ts';

const registry = createDefaultRegistry();
afterAll(() => registry.close());

function example(name: string): string {
  return readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
}

describe('the examples', () => {
  test.each([
    ['checkout.ts', { scores: [74.4, 96.7], blockers: [6, 0] }],
    ['inventory.py', { scores: [78.4, 96.2], blockers: [8, 0] }],
    ['guide.md', { scores: [79.3, 91.5], blockers: [0, 0] }],
  ])('%s begins below the target and passes it by static fixes alone', async (name, expected) => {
    const steps = await runLoop(registry, name, example(name));
    expect({ scores: steps.map(({ scorecard }) => scorecard.score), blockers: steps.map(({ scorecard }) => scorecard.blockers) }).toEqual(expected);
    expect(steps.flatMap(({ result, scorecard }) => [...result.engines.filter(({ error }) => error !== undefined), ...result.lost, ...scorecard.failed])).toEqual([]);
  });

  test.each(['checkout.ts', 'inventory.py', 'guide.md'])('%s keeps findings that only a person or a model can settle', async (name) => {
    const last = (await runLoop(registry, name, example(name))).at(-1)!;
    expect(last.result.findings.filter(({ category }) => category !== 'style' && category !== 'documentation').length).toBeGreaterThan(2);
  });

  test('are reviewed the same twice', async () => {
    const [first, second] = await Promise.all([runLoop(registry, 'inventory.py', example('inventory.py')), runLoop(createDefaultRegistry(), 'inventory.py', example('inventory.py'))]);
    expect(second[0].result.findings).toEqual(first[0].result.findings);
    expect(second.at(-1)!.text).toBe(first.at(-1)!.text);
  });
});
