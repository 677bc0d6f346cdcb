import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createValueRedactor, hiddenMark } from '#reviewers/providers/redact-values.ts';

// Its base64 holds '+', '/' and '='.
const secret = 'sk-live/42+öäü "quoted"?>~?>~??>>*e';
const key = 'sk-ant-api03-Zx9Qw7_Lm2Kp8Vt4';
const redact = createValueRedactor([secret, key, 'second-secret-value']);

const unicode = (text: string): string => Array.from(text).map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percent = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const wrapped = (text: string, width: number): string => text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');

test.each(['%', '\\\\', '\\\\u', '\\\\x', '&#', '%25', '%0'])('What stands before a value does not make an escape of its beginning: %s', (before) => {
  for (const value of ['abcdef0123456789', 'n0123456789', '0041bcdefgh;12']) expect(createValueRedactor([value])(`${before}${value}`)).toBe(`${before}${hiddenMark}`);
});

describe('A value is hidden', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const forms: Record<string, (value: string) => string> = {
    'as it is': (value) => value,
    'in JSON': (value) => JSON.stringify(value).slice(1, -1),
    'in JSON within JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
    'in JSON with every character escaped': unicode,
    'in JSON with one character escaped': (value) => unicode(value[0]!) + value.slice(1),
    'in an escape of bytes': (value) => Array.from(value).map((sign) => (sign < '\u0080' ? `\\x${sign.charCodeAt(0).toString(16)}` : sign)).join(''),
    'URL-encoded': encodeURIComponent,
    'URL-encoded in small letters': (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
    'URL-encoded to the last byte': percent,
    'URL-encoded twice': (value) => encodeURIComponent(encodeURIComponent(value)),
    'as a field of a form': (value) => new URLSearchParams([['', value]]).toString().slice(1),
    'in entities of HTML': (value) => Array.from(value).map((sign) => `&#${sign.codePointAt(0)};`).join(''),
    'in hexadecimal entities of HTML': (value) => Array.from(value).map((sign) => `&#x${sign.codePointAt(0)!.toString(16)};`).join(''),
    backwards: (value) => Array.from(value).toReversed().join(''),
    'in hexadecimal': (value) => Buffer.from(value).toString('hex'),
    'in large hexadecimal': (value) => Buffer.from(value).toString('hex').toUpperCase(),
    'in base64': base64,
    'in base64 for addresses': (value) => Buffer.from(value).toString('base64url'),
    'in base64, URL-encoded': (value) => encodeURIComponent(base64(value)),
    'in base64 of several lines': (value) => wrapped(base64(value), 7),
    'over two lines': (value) => `${value.slice(0, 9)}\n${value.slice(9)}`,
    'over two lines of JSON': (value) => JSON.stringify(`${value.slice(0, 9)}\n${value.slice(9)}`).slice(1, -1),
    'with a space after each character': (value) => Array.from(value).join(' '),
    'with invisible characters in it': (value) => Array.from(value).join('\u200b'),
  };
  // What cannot be told apart: the last character of base64 without '=' may belong to what follows it.
  const bare = (text: string): string => text.replace(/\](.|&#\d+;|%3D)?(?= b$)/i, ']');

  test.each(Object.entries(forms))('%s', (_, write) => {
    for (const value of [secret, key]) {
      expect(bare(redact(`a ${write(value)} b`))).toBe(`a ${hiddenMark} b`);
    }
  });

  test('in base64 at every place of a longer text', () => {
    for (const before of ['', 'u', 'us', 'user:']) {
      const clean = redact(Buffer.from(`${before}${secret}${before}`).toString('base64'));
      expect([clean.includes(hiddenMark), clean.replace(hiddenMark, '').length < 20]).toEqual([true, true]);
    }
  });

  test('line by line where it is the text of a file', () => {
    const lines = ['-----BEGIN KEY-----', 'MIIEvQIBADANBgkqhkiG9w0', 'short'];
    expect(createValueRedactor([lines.join('\n')])(`${lines[1]} and short and ${lines.join('\n')}`)).toBe('[redacted] and short and [redacted]');
  });
});

test('Words too short for a secret and texts without one stay as they are', () => {
  const short = createValueRedactor(['', 'ollama', 'none', '        ']);
  const text = 'ollama \\has %41 none\n \\n &#65; "\\u0041"        \\\\\\\\\\\\\\\\';
  expect([short(text), redact(text), createValueRedactor([])('x')]).toEqual([text, text, 'x']);
});

test('Values that overlap become one mark and leave no rest; neighbours keep one each', () => {
  const overlapping = createValueRedactor(['aaaabbbb', 'bbbbcccc', 'aaaabbbbcccc-longer']);
  expect([overlapping('<aaaabbbbcccc>'), overlapping('<aaaabbbbbbbbcccc>'), overlapping('<aaaabbbbcccc-longer>')]).toEqual(['<[redacted]>', '<[redacted][redacted]>', '<[redacted]>']);
});

test('Of any texts around any values, the texts stay and no value does', () => {
  const values = fc.array(fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter((value) => value.isWellFormed() && /^[^\s\\%&]{8,}$/.test(value)), { minLength: 1, maxLength: 4 });
  const encoders: readonly ((value: string) => string)[] = [(value) => value, (value) => JSON.stringify(value), encodeURIComponent, percent, unicode, (value) => Buffer.from(value).toString('base64'), (value) => Buffer.from(`user:${value}`).toString('base64')];
  fc.assert(fc.property(values, fc.array(fc.tuple(fc.string(), fc.nat(), fc.nat(encoders.length - 1)), { maxLength: 6 }), (secrets, pieces) => {
    const text = pieces.map(([between, which, encoder]) => between + encoders[encoder]!(secrets[which % secrets.length]!)).join('');
    const rests = createValueRedactor(secrets)(text).split(hiddenMark);
    for (const value of secrets) expect(rests.some((rest) => rest.includes(value) || rest.includes(Buffer.from(value).toString('base64')))).toBe(false);
    let from = 0;
    for (const rest of rests) {
      expect(text.indexOf(rest, from)).not.toBe(-1);
      from = text.indexOf(rest, from) + rest.length;
    }
  }), { numRuns: 400 });
});

test('A megabyte takes a fraction of a second, of escapes as well', () => {
  const texts = [`${'x'.repeat(997)}${secret}`.repeat(1000), '\\'.repeat(1_000_000), '%25'.repeat(333_000), ' '.repeat(1_000_000), '&amp;'.repeat(200_000), '\\u0041'.repeat(166_000)];
  const started = performance.now();
  expect(texts.map((text) => redact(text).length)).toEqual([1_007_000, 1_000_000, 999_000, 1_000_000, 1_000_000, 996_000]);
  expect(performance.now() - started).toBeLessThan(6_000);
});
