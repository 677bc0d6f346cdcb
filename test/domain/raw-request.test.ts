import { describe, expect, test } from 'vitest';
import { describeRaw } from '#domain/raw-request.ts';

describe('what a list tells of a request that was never read', () => {
  test.each<[unknown, object]>([
    [{ artifact: { path: 'a.ts', name: 'b.ts' }, tenant: 'ann' }, { artifactName: 'a.ts', tenant: 'ann' }],
    [{ artifact: { name: 'b.ts', task: 'Write.' } }, { artifactName: 'b.ts' }],
    [{ artifact: { task: 'Write.' } }, { artifactName: 'a task' }],
    [{ artifact: { task_sha256: 'ab' } }, { artifactName: 'a task' }],
    [{ file_path: 'old/a.py' }, { artifactName: 'old/a.py' }],
    [{ artifact: { path: 'x'.repeat(300) } }, { artifactName: 'x'.repeat(255) }],
    [{ artifact: { path: 7 }, tenant: '../x' }, { artifactName: 'unknown' }],
    [{ artifact: null, tenant: 5 }, { artifactName: 'unknown' }],
    [{ artifact: 'a.ts' }, { artifactName: 'unknown' }],
    [null, { artifactName: 'unknown' }],
    ['text', { artifactName: 'unknown' }],
  ])('%j', (request, told) => {
    expect(describeRaw(request)).toEqual(told);
  });
});
