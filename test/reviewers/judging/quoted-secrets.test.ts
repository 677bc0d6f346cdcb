import { expect, test } from 'vitest';
import { evidenceIn } from '#reviewers/judging/evidence.ts';
import { secretMask } from '#reviewers/judging/quoted-secrets.ts';
import { secretsIn } from '#reviewers/judging/secrets-in-text.ts';

const token = `ghp_${'3Hs5Lk8Nd1Fg6Jx0Ra7c0dEfGhIjKlMnOpQr'}`;
const text = `# Notes\n\nThe token is ${token}.\nThe password is hunter2hunter2.\nThe build id is build2025a.\n`;

async function masked(words: string, quotes: readonly string[] = []): Promise<string> {
  const answered = quotes.map((quote) => ({ quote, category: 'security', message: 'm' }));
  return secretMask({ text, known: await secretsIn(text), answered, evidence: evidenceIn(text) })(words);
}

test('What secretlint knows as a secret is found in a text', async () => {
  expect([await secretsIn(text), await secretsIn('# Nothing here\n')]).toEqual([[token], []]);
});

test('Known secrets are taken out of all words, whatever the model found', async () => {
  expect(await masked(`Remove ${token} and "${token}", keep build2025a.`)).toBe('Remove *** and "***", keep build2025a.');
});

test('So is what a security finding quotes and looks like a key', async () => {
  expect(await masked('Change hunter2hunter2; build2025a may stay.', ['The password is hunter2hunter2.'])).toBe('Change ***; build2025a may stay.');
});

test('The first and the last line of a private key are taken out of any words', async () => {
  expect(await masked('It begins with -----BEGIN RSA PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.')).toBe('It begins with *** and ends with ***.');
});
