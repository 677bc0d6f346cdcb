import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, encodeText } from '#domain/text-shape.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

describe('decoding', () => {
  test.each([
    ['', '', { bom: false, eol: 'lf', finalNewline: false }],
    ['a', 'a', { bom: false, eol: 'lf', finalNewline: false }],
    ['a\nb\n', 'a\nb\n', { bom: false, eol: 'lf', finalNewline: true }],
    ['a\r\nb', 'a\nb', { bom: false, eol: 'crlf', finalNewline: false }],
    ['\r\n', '\n', { bom: false, eol: 'crlf', finalNewline: true }],
    ['a\r\nb\n', 'a\r\nb\n', { bom: false, eol: 'mixed', finalNewline: true }],
    ['a\rb\n', 'a\rb\n', { bom: false, eol: 'mixed', finalNewline: true }],
    ['a\r\r\n', 'a\r\r\n', { bom: false, eol: 'mixed', finalNewline: true }],
    ['a\r', 'a\r', { bom: false, eol: 'mixed', finalNewline: false }],
    ['\uFEFFa\r\n', 'a\n', { bom: true, eol: 'crlf', finalNewline: true }],
    ['\uFEFF\uFEFFa', '\uFEFFa', { bom: true, eol: 'lf', finalNewline: false }],
  ])('of %j gives %j and its shape', (raw, text, shape) => {
    expect(decodeText(bytesOf(raw))).toEqual({ text, shape });
  });

  test.each([
    ['NUL bytes', [0x61, 0, 0x62], 'NUL bytes'],
    ['misc-05: UTF-16 with byte order mark, CRLF and NUL bytes', [0xff, 0xfe, 0x61, 0, 0x0d, 0, 0x0a, 0], 'UTF-16'],
    ['UTF-16, big end first', [0xfe, 0xff, 0, 0x61], 'UTF-16'],
    ['invalid UTF-8', [0x61, 0xff], 'not valid UTF-8'],
    ['an overlong form', [0xc0, 0xaf], 'not valid UTF-8'],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], 'not valid UTF-8'],
    ['a sequence cut off', [0xe2, 0x82], 'not valid UTF-8'],
  ])('refuses %s as INPUT_BINARY', (_, bytes, why) => {
    expect(() => decodeText(new Uint8Array(bytes))).toThrow(
      expect.objectContaining({ kind: 'InvalidInput', code: 'INPUT_BINARY', message: expect.stringContaining(why) }),
    );
  });
});

describe('encoding', () => {
  const piece = fc.constantFrom('a', 'é', '😀', '\n', '\r\n', '\r', '\uFEFF', ' ', '\f', 'line');

  test('gives back exactly the bytes that were decoded', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.string({ unit: 'binary' }), (pieces, tail) => {
        const bytes = bytesOf((pieces.join('') + tail).replaceAll('\0', ''));
        const { text, shape } = decodeText(bytes);
        return Buffer.from(encodeText(text, shape)).equals(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['a\nb', { bom: true, eol: 'crlf', finalNewline: true }, '\uFEFFa\r\nb\r\n'],
    ['a\r\nb\n', { bom: false, eol: 'crlf', finalNewline: true }, 'a\r\nb\r\n'],
    ['a\r\nb\n', { bom: false, eol: 'lf', finalNewline: true }, 'a\nb\n'],
    ['a\n\n', { bom: false, eol: 'lf', finalNewline: false }, 'a'],
    ['a\n\n', { bom: false, eol: 'crlf', finalNewline: false }, 'a'],
    ['a\r\nb\r\n\n', { bom: false, eol: 'mixed', finalNewline: false }, 'a\r\nb'],
    ['a\r\nb', { bom: false, eol: 'mixed', finalNewline: true }, 'a\r\nb\n'],
    ['\uFEFFa\n', { bom: false, eol: 'lf', finalNewline: true }, 'a\n'],
    ['', { bom: false, eol: 'lf', finalNewline: true }, ''],
  ] as const)('puts an improved %j into the shape of its file', (text, shape, raw) => {
    expect(textOf(encodeText(text, shape))).toBe(raw);
  });

  test('takes time in proportion to the text, also for newlines alone', () => {
    const before = performance.now();
    encodeText('\n'.repeat(300_000), { bom: false, eol: 'crlf', finalNewline: false });
    decodeText(bytesOf('\r\n'.repeat(300_000)));
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
