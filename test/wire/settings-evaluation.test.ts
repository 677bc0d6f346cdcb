import { describe, expect, it } from 'vitest';
import { readEvaluation } from '#wire/settings-evaluation.ts';

describe("seed 003's variables", () => {
  it('have the defaults of the seed', () => {
    const { evaluation, layer } = readEvaluation({ TARGET_SCORE: '' });
    expect(evaluation).toEqual({ mode: 'flexible', useMock: false, targetScore: 8, codexTimeoutMs: 300_000, codexSupportsJsonFormat: false });
    expect([...layer].map(([key, { value, origin }]) => `${key} ${String(value)} ${origin}`)).toEqual([
      'evaluation.mode flexible default',
      'evaluation.use_mock false default',
      'evaluation.target_score 8 default',
      'evaluation.codex_timeout_ms 300000 default',
      'evaluation.codex_supports_json_format false default',
      'evaluation.prompt_path null default',
    ]);
  });

  it('are read by their own names', () => {
    const environment = { EVALUATION_MODE: 'strict', USE_MOCK_EVALUATOR: 'TRUE', TARGET_SCORE: '8.5', CODEX_TIMEOUT: '1800000', CODEX_SUPPORTS_JSON_FORMAT: '1', EVALUATION_PROMPT_PATH: 'prompts/mine.txt' };
    const { evaluation, layer } = readEvaluation(environment);
    expect(evaluation).toEqual({ mode: 'strict', useMock: true, targetScore: 8.5, codexTimeoutMs: 1_800_000, codexSupportsJsonFormat: true, promptPath: 'prompts/mine.txt' });
    expect(layer.get('evaluation.target_score')).toEqual({ value: 8.5, origin: 'environment TARGET_SCORE' });
  });

  it.each([
    [{ EVALUATION_MODE: 'loose' }, 'EVALUATION_MODE: one of flexible, strict is wanted.'],
    [{ USE_MOCK_EVALUATOR: 'perhaps' }, 'USE_MOCK_EVALUATOR: true or false is wanted.'],
    [{ TARGET_SCORE: '85' }, 'TARGET_SCORE: a number from 0 to 10 is wanted.'],
    [{ TARGET_SCORE: '-1' }, 'TARGET_SCORE: a number from 0 to 10 is wanted.'],
    [{ TARGET_SCORE: 'NaN' }, 'TARGET_SCORE: a number from 0 to 10 is wanted.'],
    [{ CODEX_TIMEOUT: '1800001' }, 'CODEX_TIMEOUT: a time from 1 to 1800000 milliseconds is wanted.'],
    [{ CODEX_TIMEOUT: '0' }, 'CODEX_TIMEOUT: a time from 1 to 1800000 milliseconds is wanted.'],
    [{ CODEX_TIMEOUT: '5m' }, 'CODEX_TIMEOUT: a whole number of milliseconds is wanted.'],
  ])('%j is refused', (environment, message) => {
    expect(() => readEvaluation(environment)).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'CONFIG_INVALID', message }));
  });
});
