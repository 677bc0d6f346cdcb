import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createValueRedactor, type ValueRedactor } from '#reviewers/providers/redact-values.ts';

// Its base64 holds '+', '/' and '='.
const secret = 'sk-live/42+öäü "quoted"?>~?>~??>>*e';
const redactor = createValueRedactor([secret, 'second-secret-value']);

function inChunks({ stream }: ValueRedactor, text: string, lengths: readonly number[]): string {
  const { write, end } = stream();
  let out = '';
  let at = 0;
  for (const length of lengths) {
    out += write(text.slice(at, at + length));
    at += length;
  }
  return out + write(text.slice(at)) + end();
}

test('A value is hidden as it is, in JSON and URL-encoded either way', () => {
  const form = new URLSearchParams({ key: secret }).toString().slice(4);
  const strict = encodeURIComponent(secret).replaceAll('*', '%2A');
  const forms = [secret, JSON.stringify(secret), encodeURIComponent(secret), encodeURIComponent(secret).toLowerCase(), form, form.replace(/%../g, (code) => code.toLowerCase()), strict];
  expect(forms.map((each) => redactor.text(`a ${each} b`).replaceAll('"', ''))).toEqual(forms.map(() => 'a [redacted] b'));
});

test('A value is hidden in base64, alone and at every place of a longer text', () => {
  const base64 = Buffer.from(secret).toString('base64');
  const url = Buffer.from(secret).toString('base64url');
  expect([base64, encodeURIComponent(base64)].map((form) => redactor.text(`<${form}>`))).toEqual(['<[redacted]>', '<[redacted]>']);
  expect(redactor.text(url)).toMatch(/^\[redacted\].?$/);
  for (const before of ['', 'u', 'us', 'user:']) {
    const clean = redactor.text(Buffer.from(`${before}${secret}${before}`).toString('base64'));
    expect(clean).toContain('[redacted]');
    expect(clean.replace('[redacted]', '').length).toBeLessThan(20);
  }
});

test('Lines of a key file are secrets of their own', () => {
  const lines = ['-----BEGIN KEY-----', 'MIIEvQIBADANBgkqhkiG9w0', 'short'];
  expect(createValueRedactor([lines.join('\n')]).text(`${lines[1]} and short and ${lines.join('\n')}`)).toBe('[redacted] and short and [redacted]');
});

test('Words too short for a secret and texts without one stay as they are', () => {
  const short = createValueRedactor(['', 'ollama', 'none']);
  expect([short.text('ollama has none'), redactor.text('nothing here'), createValueRedactor([]).text('x')]).toEqual(['ollama has none', 'nothing here', 'x']);
});

test('Values that overlap become one mark and leave no rest; neighbours keep one each', () => {
  const overlapping = createValueRedactor(['aaaabbbb', 'bbbbcccc', 'aaaabbbbcccc-longer']);
  expect([overlapping.text('<aaaabbbbcccc>'), overlapping.text('<aaaabbbbbbbbcccc>'), overlapping.text('<aaaabbbbcccc-longer>')]).toEqual(['<[redacted]>', '<[redacted][redacted]>', '<[redacted]>']);
});

test('A stream gives out what cannot become a value at once', () => {
  const { write, end } = redactor.stream();
  const written = [write('plain text, then sec'), write('ond-secret-val'), write('uable, second-secret-value'), write(' and sec'), end()];
  expect(written).toEqual(['plain text, then ', '', 'second-secret-valuable, [redacted]', ' and ', 'sec']);
});

test('Every form of a value is found across a border at any of its units', () => {
  for (const form of [secret, encodeURIComponent(secret), encodeURIComponent(Buffer.from(secret).toString('base64'))]) {
    const results = Array.from({ length: form.length + 3 }, (_, at) => inChunks(redactor, `<${form}>`, [at]));
    expect(new Set(results)).toEqual(new Set(['<[redacted]>']));
  }
});

test('Wherever a text is cut, no value survives and the result is that of the whole', () => {
  const values = fc.array(fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter((value) => value.isWellFormed()), { minLength: 1, maxLength: 4 });
  const encoders: readonly ((value: string) => string)[] = [
    (value) => value, (value) => JSON.stringify(value), encodeURIComponent, (value) => Buffer.from(value).toString('base64'), (value) => encodeURIComponent(Buffer.from(value).toString('base64')), (value) => Buffer.from(value).toString('base64url'), (value) => Buffer.from(`user:${value}`).toString('base64'),
  ];
  fc.assert(fc.property(values, fc.array(fc.tuple(fc.string(), fc.nat(), fc.nat(encoders.length - 1)), { maxLength: 6 }), fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }), (secrets, pieces, lengths) => {
    const known = createValueRedactor(secrets);
    const text = pieces.map(([between, which, encoder]) => between + encoders[encoder]!(secrets[which % secrets.length]!)).join('');
    const whole = known.text(text);
    expect(inChunks(known, text, lengths)).toBe(whole);
    for (const value of secrets.filter((candidate) => !'[redacted]'.includes(candidate))) {
      expect(whole.split('[redacted]').some((rest) => rest.includes(value) || rest.includes(Buffer.from(value).toString('base64')))).toBe(false);
    }
  }), { numRuns: 400 });
});

test('Values that repeat themselves are hidden in every cut too', () => {
  const known = createValueRedactor(['abababab', 'babababa', 'aaaaaaaa']);
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 80 }), fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), (text, lengths) => {
    expect(inChunks(known, text, lengths)).toBe(known.text(text));
  }), { numRuns: 3000 });
});

test('A megabyte in small chunks takes no more than seconds', () => {
  const text = `${'x'.repeat(997)}${secret}`.repeat(1000);
  const started = performance.now();
  const clean = inChunks(redactor, text, Array.from({ length: 16_000 }, () => 64));
  expect([clean.includes('sk-live'), clean.length]).toEqual([false, 1_007_000]);
  expect(performance.now() - started).toBeLessThan(5000);
});
