import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { checkFolderPath, checkPath, shownPath, type PathRules } from '#domain/path-rule.ts';
import { attack, attacksOf } from '#test/support/attacks.ts';

const documents: PathRules = { allowedExtensions: ['.md', '.ts'] };

function codeOf(path: string, rules: PathRules = {}): string {
  try {
    checkPath(path, rules);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'InvalidInput') throw error;
    return error.code;
  }
}

describe('the path rule holds against the attack', () => {
  test.each(attacksOf('path').map((row) => [row.id, row.input as string, row.expected]))('%s %j', (_, path, expected) => {
    expect(codeOf(path, documents)).toBe(/^[A-Z_]+|^accepted/.exec(expected)?.[0]);
  });

  test('fs-12 .Git on a case-insensitive file system', () => {
    const { write } = attack('fs-12').input as { write: string };
    expect(codeOf(write, documents)).toBe('PATH_DENIED_NAME');
  });

  test.each([
    ['..', 'PATH_TRAVERSAL'], ['a/../../b.md', 'PATH_TRAVERSAL'], ['a//b.md', 'PATH_TRAVERSAL'], ['a/b/', 'PATH_TRAVERSAL'], ['./x.md', 'PATH_TRAVERSAL'],
    ['', 'PATH_EMPTY'],
    ['/', 'PATH_ABSOLUTE'], ['//server/share/x.md', 'PATH_ABSOLUTE'], ['\\\\server\\share\\x.md', 'PATH_ABSOLUTE'], ['\\x.md', 'PATH_ABSOLUTE'],
    ['C:\\x.md', 'PATH_ABSOLUTE'], ['C:/x.md', 'PATH_ABSOLUTE'], ['~', 'PATH_ABSOLUTE'], ['~root/x.md', 'PATH_ABSOLUTE'],
    ['a\\..\\b.md', 'PATH_BAD_CHAR'], ['a\nb.md', 'PATH_BAD_CHAR'], ['a\u001b[2Jb.md', 'PATH_BAD_CHAR'], ['a\u007f.md', 'PATH_BAD_CHAR'], ['a\u0085.md', 'PATH_BAD_CHAR'],
    ['a\u200bb.md', 'PATH_BAD_CHAR'], ['.g\u200cit/x.md', 'PATH_BAD_CHAR'], ['\ufeffx.md', 'PATH_BAD_CHAR'], ['a\u2066b.md', 'PATH_BAD_CHAR'], ['a\u2028b.md', 'PATH_BAD_CHAR'],
    ['\udc00.md', 'PATH_BAD_CHAR'], ['a\u{e0041}.md', 'PATH_BAD_CHAR'],
    ['.git/config.md', 'PATH_DENIED_NAME'], ['a/.git/x.md', 'PATH_DENIED_NAME'], ['.Git', 'PATH_DENIED_NAME'], ['．git/x.md', 'PATH_DENIED_NAME'], ['.ｇｉｔ/x.md', 'PATH_DENIED_NAME'],
    ['.hg/x.md', 'PATH_DENIED_NAME'], ['.SVN/x.md', 'PATH_DENIED_NAME'], ['a/Node_Modules/b/x.ts', 'PATH_DENIED_NAME'], ['node_moduleſ/x.ts', 'PATH_DENIED_NAME'],
    ['.git./x.md', 'PATH_RESERVED'], ['.git /x.md', 'PATH_RESERVED'], ['x.md.', 'PATH_RESERVED'], ['x.md::$DATA', 'PATH_RESERVED'], ['ab:c.md', 'PATH_RESERVED'],
    ['con.md', 'PATH_RESERVED'], ['a/NUL', 'PATH_RESERVED'], ['aux.x.md', 'PATH_RESERVED'], ['COM1.md', 'PATH_RESERVED'], ['lpt¹.md', 'PATH_RESERVED'], ['GIT~1', 'PATH_RESERVED'],
    ['-x.md', 'PATH_LEADING_DASH'], ['a/-rf.md', 'PATH_LEADING_DASH'],
    ['x.exe', 'EXT_NOT_ALLOWED'], ['x', 'EXT_NOT_ALLOWED'], ['.md', 'EXT_NOT_ALLOWED'], ['a.md/x', 'EXT_NOT_ALLOWED'], ['x.md~', 'EXT_NOT_ALLOWED'],
  ])('%j is %s', (path, code) => {
    expect(codeOf(path, documents)).toBe(code);
  });

  test('more than 1024 bytes, or a name of more than 255, is PATH_TOO_LONG; bytes count, not letters', () => {
    const long = [`${'a/'.repeat(511)}x`, `${'a/'.repeat(511)}x.md`, 'é'.repeat(127), 'é'.repeat(128), 'é/'.repeat(400)];
    expect(long.map((path) => codeOf(path))).toEqual(['accepted', 'PATH_TOO_LONG', 'accepted', 'PATH_TOO_LONG', 'PATH_TOO_LONG']);
  });
});

describe('the path rule', () => {
  test.each([
    ['src/a.ts', ['src', 'a.ts']],
    ['a/.hidden/..x.md', ['a', '.hidden', '..x.md']],
    ['docs/...md', ['docs', '...md']],
    ['コード/工房.md', ['コード', '工房.md']],
    ['[id]/a b (1).ts', ['[id]', 'a b (1).ts']],
    ['com10.md', ['com10.md']],
    ['.gitignore.md', ['.gitignore.md']],
    ['e\u0301.md', ['e\u0301.md']],
  ])('accepts %j and returns its segments unchanged', (path, segments) => {
    expect(checkPath(path, documents)).toEqual(segments);
  });

  test('an empty list of extensions or folders allows all', () => {
    expect(checkPath('Makefile', { allowedExtensions: [], allowedDirectories: [] })).toEqual(['Makefile']);
    expect(codeOf('Makefile', { allowedExtensions: [''] })).toBe('accepted');
  });

  test('an allowed folder counts by whole names, and its case counts', () => {
    const rules: PathRules = { allowedDirectories: ['docs/', './src/app'] };
    expect(['docs/a', 'docs/b/c', 'src/app/x', 'docs2/a', 'src/a', 'docs', 'Docs/a'].map((path) => codeOf(path, rules))).toEqual([
      'accepted', 'accepted', 'accepted', 'PATH_OUTSIDE_ALLOWED', 'PATH_OUTSIDE_ALLOWED', 'accepted', 'PATH_OUTSIDE_ALLOWED',
    ]);
    expect(codeOf('anything', { allowedDirectories: ['.'] })).toBe('accepted');
  });

  test('forbidden names count anywhere, forbidden paths from the root, both without case', () => {
    const rules: PathRules = { forbidden: ['dist', 'src/Generated', ''] };
    expect(['a/dist/x', 'DIST', 'src/generated/x', 'a/src/generated/x', 'distant'].map((path) => codeOf(path, rules))).toEqual([
      'PATH_DENIED_NAME', 'PATH_DENIED_NAME', 'PATH_DENIED_NAME', 'accepted', 'accepted',
    ]);
  });

  test('a folder may be the root itself and has no extension', () => {
    expect([checkFolderPath('.', documents), checkFolderPath('src/a', documents)]).toEqual([[], ['src', 'a']]);
    expect(() => checkFolderPath('..', {})).toThrow(expect.objectContaining({ code: 'PATH_TRAVERSAL' }));
    expect(() => checkFolderPath('.', { allowedDirectories: ['docs'] })).toThrow(AppError);
  });

  test('a message shows the path as it was given, without what would change a terminal, and the rule', () => {
    expect(() => checkPath('a\u001b[2J\u202eb', {})).toThrow(
      'The path "a\\u{1b}[2J\\u{202e}b" is refused: control, invisible, bidirectional or ill-formed characters are not allowed.',
    );
    expect(shownPath('x'.repeat(500))).toHaveLength(103);
    expect(shownPath('\ud800')).toBe('"\\u{d800}"');
  });

  test('whatever is accepted stays below the root', () => {
    const part = fc.constantFrom('a', '..', '.', '', '/', '\\', 'x.md', '~', ' ', 'c:', '.git', '\0', '-', '%2e', '\u202e', 'é');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = parts.join('');
        if (codeOf(path) !== 'accepted') return;
        const resolved = new URL(path.split('/').map(encodeURIComponent).join('/'), 'file:///root/inside/').pathname;
        expect(resolved.startsWith('/root/inside/') && resolved.length > '/root/inside/'.length).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
