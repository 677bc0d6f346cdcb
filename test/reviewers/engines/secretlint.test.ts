import { describe, expect, test } from 'vitest';
import { createSecretlintEngine } from '#reviewers/engines/secretlint.ts';

const engine = createSecretlintEngine();
const check = (text: string) => engine.analyze({ name: 'a', language: 'unknown', text, depth: 'full' });
// Put together here so that no scanner takes this file for a leak.
const token = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;

describe('the search for secrets', () => {
  test('says what kind of secret stands where, and never the secret', async () => {
    const text = `日本 token = ${token}\n`;
    expect(await check(text)).toEqual({
      findings: [
        {
          ruleId: 'secretlint/github',
          category: 'security',
          severity: 'high',
          confidence: 0.9,
          message: 'A secret is written into the text (github: GITHUB_TOKEN).',
          suggestion: 'Take it out, make it invalid where it was issued, and read it from the environment.',
          start: text.indexOf('ghp_'),
          end: text.length - 1,
          cwe: 'CWE-798',
          meaning: 'secret',
        },
      ],
      parses: null,
    });
  });

  test('is less sure of a password in an address', async () => {
    expect((await check('https://user:pass1234@example.org\n')).findings).toMatchObject([{ ruleId: 'secretlint/basicauth', confidence: 0.5 }]);
  });

  test('finds a private key over several lines', async () => {
    const key = ['-----BEGIN RSA', `PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfnXYwyGF8PbnGy0AHB7MhgHcTz6sE2I\n'.repeat(3)}-----END RSA`, 'PRIVATE KEY-----\n'].join(' ');
    expect((await check(key)).findings).toMatchObject([{ ruleId: 'secretlint/privatekey', start: 0 }]);
  });

  test('reads of a line that no one wrote only the beginning, and everything after it', async () => {
    const text = `${'a'.repeat(150_000)} ${token}\n${token}\n`;
    expect((await check(text)).findings.map(({ start }) => start)).toEqual([text.lastIndexOf('ghp_')]);
  });

  test('finds nothing in a text without secrets', async () => {
    expect(await check('password = os.environ["PASSWORD"]\n')).toEqual({ findings: [], parses: null });
  });
});
