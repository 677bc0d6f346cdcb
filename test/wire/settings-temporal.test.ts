import { describe, expect, it } from 'vitest';
import { layerOf, overlay, type Origin } from '#wire/settings-layers.ts';
import { namesTemporalFile, temporalEnvironment } from '#wire/settings-temporal.ts';

const given = (values: Record<string, unknown>, origin: Origin) => layerOf(new Map(Object.entries(values)), origin);

describe("the variables for Temporal's own client configuration", () => {
  it('are those of the environment and nothing else of it', () => {
    const environment = { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS_SERVER_NAME: 's', TEMPORAL_EMPTY: '', OTHER: 'x', TEMPORAL_UNSET: undefined };
    expect(temporalEnvironment(environment, given({ 'temporal.namespace': 'default' }, 'default'))).toEqual({ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS_SERVER_NAME: 's' });
  });

  it('hold what settings say, where they go before the environment', () => {
    const layer = overlay(
      given({ 'temporal.tls': true, 'temporal.tls_server_name': 'file', 'temporal.task_queue': 'q' }, 'user file'),
      given({ 'temporal.tls_client_key_path': '/key' }, 'environment KOUBOU_TEMPORAL_TLS_CLIENT_KEY_PATH'),
      given({ 'temporal.address': 'flag:1' }, 'flag'),
    );
    const environment = { TEMPORAL_ADDRESS: 'environment:1', TEMPORAL_TLS_SERVER_NAME: 'environment', TEMPORAL_TLS_CLIENT_KEY_PATH: '/other' };
    expect(temporalEnvironment(environment, layer)).toEqual({
      TEMPORAL_ADDRESS: 'flag:1',
      TEMPORAL_TLS: 'true',
      TEMPORAL_TLS_SERVER_NAME: 'environment',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/key',
    });
  });

  it('may name a temporal.toml', () => {
    expect([{}, { TEMPORAL_PROFILE: 'prod' }, { TEMPORAL_CONFIG_FILE: '/t', TEMPORAL_PROFILE: 'prod' }, { TEMPORAL_PROFILE: '' }].map(namesTemporalFile)).toEqual([null, 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE', null]);
  });
});
