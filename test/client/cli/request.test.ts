import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { summarizeError } from '#domain/errors.ts';
import { parseCommandLine } from '#client/cli/parse.ts';
import { readBaseline } from '#client/cli/baseline.ts';
import { sharedRequest } from '#client/cli/request.ts';
import type { RequestSettings } from '#client/request-settings.ts';
import { makeScratch, type Scratch } from '../../support/scratch.ts';

const noSettings: RequestSettings = { shared: {}, profiles: {} };

function request(words: string, settings: RequestSettings = noSettings, baseline: string[] = []) {
  const { flags } = parseCommandLine(['review', 'a', ...words.split(' ').filter((word) => word !== '')]);
  return sharedRequest(flags, { settings, root: '/r', baseline });
}

function refusal(act: () => unknown): string {
  try {
    return `accepted as ${JSON.stringify(act())}`;
  } catch (error) {
    const { kind, code, message } = summarizeError(error);
    return `${kind} ${code} ${message}`;
  }
}

describe('the request that flags ask for', () => {
  test.each([
    ['', {}],
    ['--target 90.5', { target_score: 90.5 }],
    ['--max-iterations 3', { max_iterations: 3 }],
    ['--no-improve', { max_iterations: 1 }],
    ['--no-improve --max-iterations 1', { max_iterations: 1 }],
    ['--iteration-timeout 30s --timeout 1h', { iteration_timeout_ms: 30_000, timeout_ms: 3_600_000 }],
    ['--reviewer a --reviewer b --reviewer a --improver c', { reviewers: ['a', 'b'], improver: 'c' }],
    ['--profile document', { profile: 'document' }],
    ['--write', { save: 'write' }],
    ['--commit', { save: 'commit' }],
    ['--write --commit --approve', { save: 'commit', approval: 'before_save' }],
    ['--min-severity medium', { min_severity: 'medium' }],
    ['--format html --out x --json --quiet --wait 5s --detach', {}],
  ])('%s', (words, expected) => {
    expect(request(words)).toEqual({ root: '/r', ...expected });
  });

  test('carries the baseline', () => {
    expect(request('', noSettings, ['f1'])).toEqual({ root: '/r', baseline: ['f1'] });
  });

  const settings: RequestSettings = {
    shared: { target_score: 70, max_iterations: 9, save: 'write', reviewers: ['x'] },
    profiles: { strict: { target_score: 95, timeout_ms: 1_000 }, code: { target_score: 60 } },
  };

  test.each([
    ['', { target_score: 70, max_iterations: 9, save: 'write', reviewers: ['x'] }],
    ['--profile strict', { target_score: 95, timeout_ms: 1_000, max_iterations: 9, save: 'write', reviewers: ['x'] }],
    ['--profile code', { profile: 'code', target_score: 60, max_iterations: 9, save: 'write', reviewers: ['x'] }],
    ['--profile strict --target 96 --reviewer y --commit', { target_score: 96, timeout_ms: 1_000, max_iterations: 9, save: 'commit', reviewers: ['y'] }],
    ['--approve', { target_score: 70, max_iterations: 9, save: 'write', reviewers: ['x'], approval: 'before_save' }],
  ])('lies above the profile, and that above the settings: %s', (words, expected) => {
    expect(request(words, settings)).toEqual({ root: '/r', ...expected });
  });

  test.each([
    ['--target 101', 'InvalidInput INPUT_INVALID --target takes a number from 0 to 100.'],
    ['--max-iterations 0', 'InvalidInput INPUT_INVALID --max-iterations takes a whole number from 1 to 100.'],
    ['--no-improve --max-iterations 2', 'InvalidInput INPUT_INVALID --no-improve is one iteration; leave --max-iterations out.'],
    ['--iteration-timeout 1ms', 'InvalidInput INPUT_INVALID --iteration-timeout takes a time from 100 ms to 24 h.'],
    ['--timeout soon', 'InvalidInput INPUT_INVALID --timeout takes a time such as 500ms, 30s, 10m or 1h.'],
    ['--min-severity bad', 'InvalidInput INPUT_INVALID --min-severity takes one of critical, high, medium, low, info.'],
    ['--approve', 'InvalidInput INPUT_INVALID --approve asks before saving: add --write or --commit.'],
    ['--profile nonesuch', 'Misconfigured PROFILE_UNKNOWN There is no profile "nonesuch". Choose one of: code, document.'],
    ['--profile constructor', 'Misconfigured PROFILE_UNKNOWN There is no profile "constructor". Choose one of: code, document.'],
  ])('is refused: %s', (words, expected) => {
    expect(refusal(() => request(words))).toBe(expected);
  });

  test('asks for no more money than the flag says', () => {
    expect(request('--budget-usd 1.5 --budget-tokens 5000')).toMatchObject({ budget_usd: 1.5, budget_tokens: 5_000 });
    expect(refusal(() => request('--budget-tokens 0.5'))).toContain('--budget-tokens takes a whole number');
  });
});

describe('a baseline', () => {
  let scratch: Scratch;
  beforeAll(() => (scratch = makeScratch('baseline')));
  afterAll(() => scratch.remove());

  test.each([
    ['a list of ids', ['a', 'b', 'a'], ['a', 'b']],
    ['a report', { schema: 'koubou.report/1', findings: [{ id: 'a', message: 'm' }], other: 1 }, ['a']],
    ['a batch', { schema: 'koubou.batch/1', reports: [{ findings: [{ id: 'a' }] }, { error: { kind: 'Bug' } }, { findings: [{ id: 'b' }] }] }, ['a', 'b']],
    ['nothing', [], []],
  ])('may be %s', (_what, content, ids) => {
    expect(readBaseline(scratch.put('baseline.json', JSON.stringify(content)))).toEqual(ids);
  });

  test.each(['{"findings": 1}', '"a"', '[1]', '{', '{"findings":[{"no":"id"}]}'])('is not %s', (content) => {
    expect(refusal(() => readBaseline(scratch.put('bad.json', content)))).toMatch(/^InvalidInput BASELINE_INVALID .*bad\.json is (no baseline|not JSON)/);
  });

  test('that is missing is told', () => {
    expect(refusal(() => readBaseline(`${scratch.root}/none.json`))).toMatch(/^InvalidInput FILE_NOT_FOUND/);
  });
});
