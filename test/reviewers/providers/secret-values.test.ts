import { expect, test } from 'vitest';
import { environmentRedactor, secretValues } from '#reviewers/providers/secret-values.ts';

test('Keys, tokens and passwords are secrets, under the usual names and those of the settings', () => {
  const environment = {
    OPENAI_API_KEY: 'sk-proj-0123456789', ANTHROPIC_AUTH_TOKEN: ' oat-0123456789\n', GH_TOKEN: 'ghp_0123456789', DB_PASSWORD: 'hunter2hunter2', AWS_SECRET_ACCESS_KEY: '/abc+def/0123456789==', HOUSE: 'house-key-1', TEMPORAL_TLS_CLIENT_KEY_DATA: '-----BEGIN PRIVATE KEY-----',
    KOUBOU_MCP_TOKEN: 'mcp-0123456789', OTHER: 'other-value-1',
  };
  expect(secretValues({ environment, providers: { local: { apiKeyEnv: 'HOUSE' }, free: {} } })).toEqual([
    'sk-proj-0123456789', 'oat-0123456789', 'ghp_0123456789', 'hunter2hunter2', '/abc+def/0123456789==', 'house-key-1', '-----BEGIN PRIVATE KEY-----', 'mcp-0123456789',
  ]);
});

test('Passwords within addresses are secrets, as they stand there and decoded', () => {
  const environment = { HTTPS_PROXY: 'http://user:pa%2Fss-word-1@proxy:3128', PLAIN: 'http://user@host', BROKEN: 'http://[', ODD: 'http://u:%zz-0123456@h' };
  expect(secretValues({ environment, addresses: ['postgres://koubou:db-pass-1@db/koubou', 'sqlite:/tmp/x.db'] })).toEqual(['pa%2Fss-word-1', 'pa/ss-word-1', '%zz-0123456', 'db-pass-1']);
});

test('Words, short values and paths are none: documents hold them too', () => {
  const environment = {
    LOCAL_API_KEY: 'lm-studio', OLLAMA_API_KEY: 'ollama', VLLM_API_KEY: 'not-needed', A_TOKEN: '', B_TOKEN: 'abc1', SSL_KEY: '/etc/ssl/private/server-1.pem', GOOGLE_APPLICATION_CREDENTIALS: '~/keys/account-0123456789.json',
    DB_PASSWORD: 'postgres', PIN_TOKEN: '12345678', KEYBOARD: 'de-latin1-nodeadkeys', UNSET_TOKEN: undefined,
  };
  expect(secretValues({ environment })).toEqual([]);
});

test('All of them are hidden in a text', () => {
  const redact = environmentRedactor({ environment: { A_TOKEN: 'token-0123456789', PROXY: 'http://u:pass-0123@h' } });
  expect(redact('token-0123456789 of u:pass-0123@h')).toBe('[redacted] of u:[redacted]@h');
});
