import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeModels } from '#reviewers/probe-models.ts';
import type { ProviderSources } from '#reviewers/providers/create-providers.ts';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';

let model: FakeModel;
beforeAll(async () => { model = await startFakeModel({ script: ({ model: asked, headers }) => (asked === 'good' ? { text: 'ok' } : asked === 'mute' ? { silentAfter: 'start' } : { status: 401, message: String(headers.authorization) }) }); });
afterAll(() => model.close());

test('Every model that can be asked is asked for one word, and those that cannot are left out', async () => {
  const sources: ProviderSources = {
    settings: { providers: { local: { baseUrl: `${model.url}/v1`, apiKeyEnv: 'HOUSE' } }, models: { good: { provider: 'local', model: 'good' }, bad: { provider: 'local', model: 'bad' }, mute: { provider: 'local', model: 'mute' } } },
    environment: { HOUSE: 'house-key-0123456789', PATH: '/nonexistent' }, scratchRoot: '/nonexistent', useMock: false,
  };
  expect(await probeModels(sources, 500)).toEqual({
    good: { durationMs: expect.any(Number), tokens: 120, error: null },
    bad: { durationMs: expect.any(Number), tokens: null, error: "bad does not accept the key in HOUSE (HTTP 401): set a valid one that may use model 'bad'. [PROVIDER_UNAUTHORIZED]" },
    mute: { durationMs: expect.any(Number), tokens: null, error: 'It did not answer within 0.5 s.' },
  });
  expect(model.requests.map(({ json }) => json['max_tokens'])).toEqual([16, 16, 16]);
});
