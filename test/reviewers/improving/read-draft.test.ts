import { describe, expect, test } from 'vitest';
import { maxDraftFiles, readDraft } from '#reviewers/improving/read-draft.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

const files = (...some: [string, string][]) => ({ kind: 'files', files: some.map(([path, text]) => ({ path, text })) });
const json = (...some: [string, string][]) => JSON.stringify({ files: some.map(([path, text]) => ({ path, text })) });
const unreadable = (...reasons: string[]) => ({ kind: 'unreadable', reasons });

describe('a drafted set of files', () => {
  test('is read from JSON, with prose or a fence around it', () => {
    const answer = json(['a.py', 'x = {"files": []}\n'], [' b.md ', '# B\r\n']);
    const expected = files(['a.py', 'x = {"files": []}\n'], ['b.md', '# B\n']);
    expect(readDraft(answer)).toEqual(expected);
    expect(readDraft(`Here it is:\n\`\`\`json\n${answer}\n\`\`\`\n`)).toEqual(expected);
  });

  test('has a newline at its end and no fence around it', () => {
    expect(readDraft(json(['a.py', '```python\nx = 1\n```']))).toEqual(files(['a.py', 'x = 1\n']));
    expect(readDraft(json(['a.md', '```sh\nnpm test\n```']))).toEqual(files(['a.md', '```sh\nnpm test\n```\n']));
  });

  test('is read from one fenced block', () => {
    expect(readDraft('Here:\n\n```python\nx = 1\n```\n\nDone.')).toEqual(files(['', 'x = 1\n']));
    expect(readDraft('```ts title="src/a.ts"\nx\n```')).toEqual(files(['src/a.ts', 'x\n']));
    expect(readDraft('```py:src/a.py\nx\n```')).toEqual(files(['src/a.py', 'x\n']));
    expect(readDraft('**src/a.py**:\n\n```\nx\n```')).toEqual(files(['src/a.py', 'x\n']));
  });

  test('may be as many as are allowed', () => {
    const some = Array.from({ length: maxDraftFiles }, (_, index): [string, string] => [`${index}.md`, 'x\n']);
    expect(readDraft(json(...some))).toEqual(files(...some));
  });

  test('is a Markdown text to its last fence', () => {
    expect(readDraft('```markdown\n# A\n\n```bash\nnpm test\n```\n\nEnd.\n```')).toEqual(files(['', '# A\n\n```bash\nnpm test\n```\n\nEnd.\n']));
  });

  test('is read from several fenced blocks with names', () => {
    expect(readDraft('### `a.py`\n```python\nx\n```\n### `test_a.py`\n```python\ny\n```')).toEqual(files(['a.py', 'x\n'], ['test_a.py', 'y\n']));
  });

  test('is a document or script that is the answer itself', () => {
    expect(readDraft('# The Plan\n\nIt is good.')).toEqual(files(['', '# The Plan\n\nIt is good.\n']));
    expect(readDraft('#!/bin/sh\necho')).toEqual(files(['', '#!/bin/sh\necho\n']));
  });
});

describe('what is no draft', () => {
  const jsonWrong = 'The JSON is not complete or not right: write one object with the field files, and nothing around it.';
  const noFile = 'The answer holds no file; write one JSON object with the field files.';
  test.each([
    ['nothing', '', noFile],
    ['prose', 'I will write it tomorrow.', noFile],
    ['cut JSON', '{"files": [{"path": "a.md", "text": "# A', jsonWrong],
    ['two sets', `{"files": [{"path": "a", "text": "b"}]} {"files": []}`, jsonWrong],
    ['a key twice', '{"files": [], "files": [{"path": "a", "text": "b"}]}', jsonWrong],
    ['a forbidden key', '{"__proto__": {}, "files": [{"path": "a", "text": "b"}]}', jsonWrong],
    ['a file without text', '{"files": [{"path": "a.md"}]}', jsonWrong],
    ['no files', '{"files": []}', 'The list of files is empty; write at least one.'],
    ['an empty file', json(['a.md', ' \n']), 'File 1 is empty.'],
    ['a NUL', json(['a.md', 'a\0b']), 'File 1 holds characters that no text has.'],
    ['half a character', '{"files": [{"path": "a.md", "text": "a\\ud800"}]}', 'File 1 holds characters that no text has.'],
    ['a placeholder', json(['a.py', 'x\n# ... rest of the code']), 'File 1 leaves text out and says so in a placeholder; write every line in full.'],
    ['a path twice', json(['a.md', 'x'], ['A.md', 'y']), 'Two files have the same path, or one is a folder of the other.'],
    ['a file in a file', json(['a', 'x'], ['a/b', 'y']), 'Two files have the same path, or one is a folder of the other.'],
    ['too many files', json(...Array.from({ length: maxDraftFiles + 1 }, (_, index): [string, string] => [`${index}.md`, 'x'])), 'There are 21 files; write at most 20.'],
    ['blocks without names', '```\nx\n```\n```\ny\n```', 'There are several fenced blocks without file names; write one JSON object with the field files.'],
    ['an open fence', '```python\nx = 1', noFile],
  ])('%s', (_, answer, reason) => {
    expect(readDraft(answer)).toEqual(unreadable(reason));
  });

  test('1 MB of it is read in linear time', () => {
    const spent = cpuMs(() => {
      for (const part of ['{"files": [', '```\n', '```markdown\n', 'a', '# ', '{"files": [{"path": "', '~~~ \n']) readDraft(part.repeat(1_000_000 / part.length));
    });
    expect(spent).toBeLessThan(3_000);
  });
});
