import { describe, expect, test } from 'vitest';
import { holdsKey, isCalledSecret } from '#domain/secret-looking.ts';

describe('a file that is called as those are that hold secrets', () => {
  test.each(['.env', '.env.local', 'deploy/prod.env', '.npmrc', '.netrc', 'id_rsa', 'keys/id_ed25519.pub', 'server.pem', 'tls/server.key', 'a.p12', 'k8s/secrets.yaml', 'db-credentials.json', 'credentials', 'passwords.txt', 'terraform.tfstate', 'my-service-account-1.json', '.aws/config', 'home/.ssh/config', 'SECRETS.YML'])('is %s', (path) => {
    expect(isCalledSecret(path)).toBe(true);
  });

  test.each(['.env.example', 'config.sample.env', 'src/secret-looking.ts', 'docs/secrets.md', 'src/keys.ts', 'keyboard.json', 'password.tsx', 'package.json', 'environment.ts', 'src/credentials/index.ts', 'secretary.json'])('is not %s', (path) => {
    expect(isCalledSecret(path)).toBe(false);
  });
});

describe('a text that holds a key', () => {
  test.each([
    '-----BEGIN RSA PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----', `key = AKIA${'Z'.repeat(16)}`, `ghp_${'a1'.repeat(18)}`, `sk-ant-${'a1'.repeat(20)}`, `sk-${'a1'.repeat(20)}`, `AIza${'b'.repeat(35)}`, `xoxb-${'1'.repeat(24)}`,
  ])('is %s', (text) => {
    expect(holdsKey(`before\n${text}\nafter`)).toBe(true);
  });

  test.each(['-----BEGIN PUBLIC KEY-----', 'sk-short', 'a task-oriented-approach', 'AKIA', ''])('is not %s', (text) => {
    expect(holdsKey(text)).toBe(false);
  });
});
