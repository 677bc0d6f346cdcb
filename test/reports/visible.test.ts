import { describe, expect, test } from 'vitest';
import { visible, visibleLine } from '#reports/visible.ts';
import { cpuMs } from './cpu-time.ts';

describe('visible text', () => {
  test('shows what a terminal would obey', () => {
    expect(visible('\u001B[2J\u001B]0;title\u0007\u009B31m\u0000\b\u007F')).toBe('\\u{1B}[2J\\u{1B}]0;title\\u{7}\\u{9B}31m\\u{0}\\u{8}\\u{7F}');
  });

  test('shows what turns or hides text', () => {
    expect(visible('a\u202Edm.exe\u2066b\u2069\u200Bc\uFEFFd\u00ADe\u{E0041}f\u2028g')).toBe(
      'a\\u{202E}dm.exe\\u{2066}b\\u{2069}\\u{200B}c\\u{FEFF}d\\u{AD}e\\u{E0041}f\\u{2028}g',
    );
  });

  test('shows half a surrogate pair and leaves whole ones alone', () => {
    expect(visible('\uD800x\uDC00 😀 𠮷')).toBe('\\u{D800}x\\u{DC00} 😀 𠮷');
  });

  test('keeps tabs, line feeds, Japanese with its variants, and joined emoji', () => {
    const text = 'a\tb\n工房 葛\u{E0100}城 👩‍👩‍👧 ｶﾀｶﾅ می‌خواهم';
    expect(visible(text)).toBe(text);
  });

  test('shows the carriage return of a changed line end', () => {
    expect(visible('a\r')).toBe('a\\r');
  });
});

describe('one visible line', () => {
  test('has no breaks, whatever kind they were', () => {
    expect(visibleLine('\uFEFF\nType X\n  is not\r\n\tY\rand\u2028Z\n\n')).toBe('\\u{FEFF} Type X is not Y and\\u{2028}Z');
  });

  test('takes endless blanks in its stride', () => {
    const text = `a${' '.repeat(200_000)}b\n${'\t'.repeat(200_000)}`;
    expect(visibleLine(text)).toHaveLength(200_002);
    expect(cpuMs(() => visibleLine(text))).toBeLessThan(500);
  });
});
