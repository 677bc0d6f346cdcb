import { expect, test } from 'vitest';
import { asksForDraft, withStoredTask } from '#workflows/draft.ts';

test.each([
  [{ artifact: { task: 'Write.' } }, true],
  [{ artifact: { task_sha256: 'ab', name: 'a.md' } }, true],
  [{ artifact: { path: 'a.md', sha256: 'ab', task_sha256: 'cd' } }, false],
  [{ artifact: { path: 'a.md' } }, false],
  [{ artifact: { name: 'a.md', text: 'task' } }, false],
  [{ artifact: { task: 'Write.', path: 'a.md' } }, false],
  [{ artifact: null }, false],
  [{ artifact: 'task' }, false],
  [{ file_path: 'a.py', code_content: '' }, false],
  [null, false],
  ['task', false],
])('the request %j asks for a draft: %s', (request, expected) => {
  expect(asksForDraft(request)).toBe(expected);
});

test('a request goes on with the hash of its task, the rest as it was', () => {
  const drafted = { files: [], chosen: { name: 'a.md', language: 'markdown', why: '' }, by: 'claude', taskSha256: 'ab', workedMs: 1 } as const;
  expect(withStoredTask({ artifact: { task: 'Write.', name: 'a.md' }, save: 'write' }, drafted)).toEqual({ artifact: { task_sha256: 'ab' }, save: 'write' });
});
