import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunProgress } from '#client/await-run.ts';
import { showProgress } from '#client/cli/progress-display.ts';
import { liveText, progressText } from '#client/cli/progress-text.ts';
import { testOutput } from './fake-output.ts';

const progress: RunProgress = {
  state: 'improving', iteration: 2, maxIterations: 5, score: 71.44, targetScore: 85, phase: 'improve', scores: [60, 71.44],
  startedAt: '2026-01-01T00:00:00.000Z', nextStep: 'koubou wait r',
};
const name = 'src/a.ts';

describe('a line of progress', () => {
  test.each<[Partial<RunProgress>, string]>([
    [{}, 'src/a.ts: improving, iteration 2 of 5, score 71.4 of 85'],
    [{ state: 'reviewing', phase: 'open', iteration: 0, score: null }, 'src/a.ts: opening'],
    [{ state: 'reviewing', phase: 'review', iteration: 1, score: null }, 'src/a.ts: reviewing, iteration 1 of 5'],
    [{ state: 'saving', phase: 'commit' }, 'src/a.ts: committing, iteration 2 of 5, score 71.4 of 85'],
    [{ state: 'parked', phase: 'wait' }, 'src/a.ts: parked, iteration 2 of 5, score 71.4 of 85'],
    [{ done: 3, total: 12 }, 'src/a.ts: 3 of 12 reviewed'],
  ])('of %j', (given, line) => {
    expect(progressText({ progress: { ...progress, ...given }, name })).toBe(line);
  });

  test('before anything was heard says so', () => {
    expect(progressText({ progress: null, name: 'a\u001b[0m' })).toBe('a\\u{1B}[0m: queued');
  });
});

describe('the live line', () => {
  test('has a sign of life, the time and the artifact', () => {
    expect(liveText({ progress, name, elapsedMs: 12_345 }, { width: 100, unicode: true })).toBe('⠹ improving · iteration 2 of 5 · score 71.4 of 85 · 12 s  src/a.ts');
  });

  test('in ASCII where the terminal knows no more', () => {
    expect(liveText({ progress, name, elapsedMs: 300 }, { width: 100, unicode: false })).toBe('| improving, iteration 2 of 5, score 71.4 of 85, 0 s  src/a.ts');
  });

  test('keeps the end of a long path and never fills the line', () => {
    const long = `${'deep/'.repeat(20)}checkout.ts`;
    const line = liveText({ progress, name: long, elapsedMs: 0 }, { width: 80, unicode: true });
    expect([line, line.length]).toEqual(['⠋ improving · iteration 2 of 5 · score 71.4 of 85 · 0 s  …deep/deep/checkout.ts', 79]);
  });

  test('leaves the path out where there is no room at all', () => {
    expect(liveText({ progress, name, elapsedMs: 0 }, { width: 30, unicode: true })).toBe('⠋ improving · iteration 2 of…');
  });
});

describe('the display', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('redraws one line on a terminal and takes it away at the end', () => {
    const { output, stderr } = testOutput({ tty: true, columns: 60 });
    const display = showProgress(output, name, () => Date.now());
    display.update(progress);
    vi.advanceTimersByTime(1_200);
    display.end();
    vi.advanceTimersByTime(1_200);
    const drawn = stderr.text.split('\r\u001b[2K');
    expect([drawn.length, drawn[1], drawn.at(-2), drawn.at(-1)]).toEqual([14, '⠋ queued · 0 s  src/a.ts', '⠋ improving · iteration 2 of 5 · score 71.4 of 85 · 1 s', '']);
  });

  test('says a line elsewhere only when something changed', () => {
    const { output, stderr } = testOutput();
    const display = showProgress(output, name);
    for (const iteration of [1, 1, 2, 2]) display.update({ ...progress, iteration });
    display.end();
    expect(stderr.text).toBe('src/a.ts: improving, iteration 1 of 5, score 71.4 of 85\nsrc/a.ts: improving, iteration 2 of 5, score 71.4 of 85\n');
  });
});
