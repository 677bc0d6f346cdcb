import { describe, expect, it } from 'vitest';
import { absolutePath, duration, fileExtension, folderBelowRoot, serviceUrl, settingName } from '#wire/settings-values.ts';

describe('values of settings', () => {
  it.each([
    ['a folder', folderBelowRoot, ['.', 'src', 'src/deep', 'a..b', '.github', '@scope'], ['', '/', '/etc', '~', '~me', '\\', '\\\\host', 'C:', 'c:\\', 'C:/x', '..', '../x', 'a/../..', 'a\\..\\b']],
    ['an absolute path', absolutePath, ['/', '/a b/c.pem'], ['', 'a', './a', '~/a', '/a\0']],
    ['an extension', fileExtension, ['', '.ts', '.D', '.工'], ['ts', '.', '.d.ts', '*.ts', '.a/b', '. ']],
    ['a name', settingName, ['a', '0', 'gpt-5.1_mini', 'A'.repeat(64)], ['', '-a', '_a', '__proto__', 'a b', 'a/b', 'ä', 'a'.repeat(65)]],
    ['a web address', serviceUrl, ['http://127.0.0.1:8080/v1', 'https://models.example'], ['', 'models.example', 'file:///etc/passwd', 'javascript:alert(1)', 'ftp://a']],
    ['a time', duration({ min: 100, max: 60_000 }), [100, '100ms', '1m', '60000'], [99, '99ms', '61s', -1, 1.5, '', 'soon', null, Infinity, '1 day']],
  ] as const)('%s is told from what is none', (_, schema, good, bad) => {
    expect(good.filter((value) => !schema.safeParse(value).success)).toEqual([]);
    expect(bad.filter((value) => schema.safeParse(value).success)).toEqual([]);
  });

  it('are what the program counts in', () => {
    expect(duration({ min: 0, max: 1e9 }).parse('1.5s')).toBe(1_500);
    expect(fileExtension.parse('.TS')).toBe('.ts');
  });
});
