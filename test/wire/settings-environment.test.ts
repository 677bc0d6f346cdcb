import { describe, expect, it } from 'vitest';
import { readEnvironment } from '#wire/settings-environment.ts';
import { settingKeys } from '#wire/settings-keys.ts';

describe('the variables of settings', () => {
  it('give every kind of value', () => {
    const { layer, warnings } = readEnvironment({
      KOUBOU_REVIEW_TARGET: '90.5',
      KOUBOU_REVIEW_TIMEOUT: '10m',
      KOUBOU_REVIEW_WEIGHTS_SECURITY: '0.5',
      KOUBOU_REVIEWERS: 'static, writer,',
      KOUBOU_SAVE_FORBIDDEN: '["a,b"]',
      KOUBOU_TEMPORAL_TLS: 'yes',
      KOUBOU_CHECKS: '[{"name":"tests","command":["npm","test"]}]',
      KOUBOU_LLM_PROVIDERS: '{"example":{"base_url":"https://models.example"}}',
      KOUBOU_WORKERS_CONCURRENCY_LLM: '8',
      KOUBOU_STORE_URL: 'postgres://me:pw@db/k',
      KOUBOU_IMPROVER: '',
    });
    expect(warnings).toEqual([]);
    expect([...layer].map(([key, { value, origin }]) => [key, value, origin])).toEqual([
      ['review.target', 90.5, 'environment KOUBOU_REVIEW_TARGET'],
      ['review.timeout', 600_000, 'environment KOUBOU_REVIEW_TIMEOUT'],
      ['review.weights.security', 0.5, 'environment KOUBOU_REVIEW_WEIGHTS_SECURITY'],
      ['reviewers', ['static', 'writer'], 'environment KOUBOU_REVIEWERS'],
      ['checks', [{ name: 'tests', command: ['npm', 'test'] }], 'environment KOUBOU_CHECKS'],
      ['save.forbidden', ['a,b'], 'environment KOUBOU_SAVE_FORBIDDEN'],
      ['llm.providers', { example: { base_url: 'https://models.example' } }, 'environment KOUBOU_LLM_PROVIDERS'],
      ['temporal.tls', true, 'environment KOUBOU_TEMPORAL_TLS'],
      ['store.url', 'postgres://me:pw@db/k', 'environment KOUBOU_STORE_URL'],
      ['workers.concurrency.llm', 8, 'environment KOUBOU_WORKERS_CONCURRENCY_LLM'],
    ]);
  });

  it('have one name per setting, and no two settings share one', () => {
    expect(new Set(settingKeys.map(({ variable }) => variable)).size).toBe(settingKeys.length);
    expect(settingKeys.map(({ variable }) => variable)).not.toContain('KOUBOU_TEMPORAL');
  });

  it("take Temporal's own names, and the more special one first", () => {
    const own = readEnvironment({ TEMPORAL_ADDRESS: 'a:1', TEMPORAL_NAMESPACE: 'n' }).layer;
    expect(own.get('temporal.address')).toEqual({ value: 'a:1', origin: 'environment TEMPORAL_ADDRESS' });
    expect(own.get('temporal.namespace')).toEqual({ value: 'n', origin: 'environment TEMPORAL_NAMESPACE' });
    const both = readEnvironment({ TEMPORAL_ADDRESS: 'a:1', KOUBOU_TEMPORAL_ADDRESS: 'b:2' }).layer;
    expect(both.get('temporal.address')).toEqual({ value: 'b:2', origin: 'environment KOUBOU_TEMPORAL_ADDRESS' });
  });

  it.each([
    [{ KOUBOU_REVIEW_TARGET: 'high' }, 'CONFIG_INVALID', 'KOUBOU_REVIEW_TARGET: a number is wanted.'],
    [{ KOUBOU_REVIEW_TARGET: '0x10' }, 'CONFIG_INVALID', 'KOUBOU_REVIEW_TARGET: a number is wanted.'],
    [{ KOUBOU_REVIEW_TARGET: '200' }, 'CONFIG_INVALID', 'KOUBOU_REVIEW_TARGET: at most 100 is allowed.'],
    [{ KOUBOU_MCP_AUTOSTART: 'maybe' }, 'CONFIG_INVALID', 'KOUBOU_MCP_AUTOSTART: true or false is wanted.'],
    [{ KOUBOU_CHECKS: '{' }, 'CONFIG_INVALID', 'KOUBOU_CHECKS: a list is wanted.'],
    [{ KOUBOU_SAVE_ALLOWED_DIRECTORIES: 'src,/' }, 'CONFIG_ROOT_TOO_WIDE', 'KOUBOU_SAVE_ALLOWED_DIRECTORIES: 1 reaches beyond the root; give a folder below the root, such as src.'],
    [{ KOUBOU_REVIEW_TAGET: '90' }, 'CONFIG_UNKNOWN_KEY', 'The variable KOUBOU_REVIEW_TAGET is no setting. Did you mean KOUBOU_REVIEW_TARGET?'],
    [{ KOUBOU_MCP_COLOUR: 'red' }, 'CONFIG_UNKNOWN_KEY', 'The variable KOUBOU_MCP_COLOUR is no setting. Known are KOUBOU_MCP_AUTOSTART, KOUBOU_MCP_WAIT.'],
    [{ KOUBOU_REVIEWERS_ALL: 'x' }, 'CONFIG_UNKNOWN_KEY', 'The variable KOUBOU_REVIEWERS_ALL is no setting. Known are KOUBOU_REVIEWERS.'],
  ])('%j is refused', (environment, code, message) => {
    expect(() => readEnvironment(environment)).toThrow(expect.objectContaining({ kind: 'Misconfigured', code, message }));
  });

  it('leave other variables alone, and tell of one that looks like a setting', () => {
    const environment = { KOUBOU_HOME: '/h', KOUBOU_TEMPORAL: '/t', KOUBOU_MCP_TOKEN: 'secret', KOUBOU_UID: '1000', KOUBOU_FOO_BAR: '1', KOUBOU_REVEIW_TARGET: '90', OTHER: 'x', KOUBOU_REVIEW_UNSET: '' };
    const { layer, warnings } = readEnvironment(environment);
    expect(layer.size).toBe(0);
    expect(warnings).toEqual([
      'The variable KOUBOU_FOO_BAR is no setting; it is left out. koubou config show tells all there are.',
      'The variable KOUBOU_REVEIW_TARGET is no setting; did you mean KOUBOU_REVIEW_TARGET?',
    ]);
  });
});
