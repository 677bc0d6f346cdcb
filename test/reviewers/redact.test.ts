import { describe, expect, test } from 'vitest';
import type { RawFinding } from '#reviewers/engines/engine.ts';
import { redactor } from '#reviewers/redact.ts';

const secretText = 'const key = "sk_live_51H8xkLKd8f7";\n';
const secret: RawFinding = { ruleId: 'secretlint/stripe', category: 'security', severity: 'high', confidence: 0.9, message: '', start: 13, end: 33, meaning: 'secret' };

describe('messages', () => {
  test('never quote a secret that was found in the text', () => {
    const redact = redactor(secretText, [secret]);
    expect(redact(`Type '"sk_live_51H8xkLKd8f7"' is not assignable to type 'number'.`)).toBe(`Type '"***"' is not assignable to type 'number'.`);
  });

  test('do not repeat long string literals, but long names', () => {
    const redact = redactor('', []);
    expect(redact(`Type '"${'x'.repeat(30)}"' has no property 'aVeryLongNameThatIsStillAName'.`)).toBe(`Type '"…"' has no property 'aVeryLongNameThatIsStillAName'.`);
  });

  test('are one line of at most 300 characters', () => {
    const redact = redactor('', []);
    expect(redact('a\n  b')).toBe('a b');
    expect(redact('word '.repeat(200))).toHaveLength(300);
  });
});
