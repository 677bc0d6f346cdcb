import { describe, expect, it } from 'vitest';
import { layerOf, overlay } from '#wire/settings-layers.ts';
import { fingerprint, hashProviders, serviceEnvironment } from '#wire/settings-service.ts';

const of = (values: Record<string, unknown>, origin: 'default' | 'user file' | 'flag' | 'project file' | 'file of --config' = 'default') => layerOf(new Map(Object.entries(values)), origin);

describe('the fingerprint of a service', () => {
  it('asks for values, not for where they came from or in which order they were read', () => {
    const values = { 'store.url': 'sqlite:/a', 'save.forbidden': ['x'] };
    const turned = { 'save.forbidden': ['x'], 'store.url': 'sqlite:/a' };
    expect(fingerprint(of(values, 'flag'), {})).toBe(fingerprint(of(turned), {}));
    expect(fingerprint(of(values), {})).not.toBe(fingerprint(of({ ...values, 'store.url': 'sqlite:/b' }), {}));
    expect(fingerprint(of(values), {})).not.toBe(fingerprint(of(values), { OPENAI_API_KEY: 'hash' }));
  });
});

describe('the variables that are handed on to providers', () => {
  it.each([
    ['OPENAI_API_KEY', true], ['SOME_VENDOR_API_KEY', true], ['ANTHROPIC_BASE_URL', true], ['CLAUDE_CONFIG_DIR', true], ['https_proxy', true], ['NO_PROXY', true], ['X_AUTH_TOKEN', true],
    ['TEMPORAL_API_KEY', false], ['PATH', false], ['HOME', false], ['KOUBOU_HOME', false], ['MY_PROXY_HOST', false],
  ])('%s: %s', (name, isHandedOn) => {
    expect(Object.keys(hashProviders({ [name]: 'value' }, new Map()))).toEqual(isHandedOn ? [name] : []);
  });
});

describe('the environment of a service that a command starts', () => {
  it('says what only this command knows, and nothing that requests carry', () => {
    const layer = overlay(
      of({ 'store.url': 'sqlite:/default', 'temporal.namespace': 'default' }),
      of({ 'workers.concurrency.llm': 3 }, 'user file'),
      of({ checks: [{ name: 'tests', command: ['npm', 'test'] }], reviewers: ['static'], 'save.mode': 'write' }, 'file of --config'),
      of({ 'save.allowed_extensions': ['.ts', ''], 'review.target': 3 }, 'project file'),
      of({ 'mcp.autostart': false, 'temporal.tls': true }, 'flag'),
    );
    expect(serviceEnvironment({ PATH: '/bin', KOUBOU_CHECKS: 'old' }, layer)).toEqual({
      PATH: '/bin',
      KOUBOU_CHECKS: '[{"name":"tests","command":["npm","test"]}]',
      KOUBOU_SAVE_ALLOWED_EXTENSIONS: '[".ts",""]',
      KOUBOU_TEMPORAL_TLS: 'true',
    });
  });
});
