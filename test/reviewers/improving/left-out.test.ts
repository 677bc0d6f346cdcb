import { describe, expect, test } from 'vitest';
import { leftOutLine } from '#reviewers/improving/left-out.ts';

describe('a placeholder for text that was not written', () => {
  test.each([
    '// ... rest of the code unchanged',
    '  # ... existing code ...',
    '/* … remaining functions */',
    '<!-- ... the rest of the document stays the same -->',
    '{/* ... existing JSX ... */}',
    '[... unchanged ...]',
    '(... same as before)',
    '... (rest of the file)',
    '-- ... other columns',
    '# rest of the function unchanged',
    '// existing code here',
    '# remaining code unchanged',
    '// …以下省略',
    '<!-- 以下は省略 -->',
    '# 残りは変更なし',
  ])('%s', (line) => {
    expect(leftOutLine(['a', line, 'b'], 'text')).toBe(line);
  });
});

describe('what is no placeholder', () => {
  test.each([
    '...',
    '    ...',
    'def f(): ...',
    '    ...args,',
    'return { ...rest, a };',
    '  ...existing,',
    '// Reads the rest of the file.',
    '# keep the rest of the lines in order',
    '... and so it goes.',
    'Everything else stays unchanged.',
    '以下の手順を実行する。',
    '# 以下の項目を確認する',
  ])('%s', (line) => {
    expect(leftOutLine([line], 'text')).toBeNull();
  });

  test('a line that the text had before', () => {
    expect(leftOutLine(['// ... existing code ...'], 'How models cheat:\n  // ... existing code ...\n')).toBeNull();
  });

  test('a long line', () => {
    expect(leftOutLine([`# ... rest ${'x'.repeat(200)}`], '')).toBeNull();
  });
});
