import { createHash } from 'node:crypto';
import { utimesSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOfBatch, contentOfReview } from '#client/content.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeAll(() => {
  scratch = makeScratch('content');
  scratch.put('a.ts', 'one\n');
  scratch.put('src/b.ts', 'two\n');
});
afterAll(() => scratch.remove());

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('what an artifact holds', () => {
  test('is the hash of its file, of its text, or the one it was named by', () => {
    const { root } = scratch;
    expect([
      contentOfReview({ artifact: { path: 'a.ts' }, root }),
      contentOfReview({ artifact: { name: 'x', text: 'one\n' } }),
      contentOfReview({ artifact: { name: 'x', sha256: 'ab' } }),
      contentOfReview({ artifact: { path: 'new.md', sha256: 'cd' }, root }),
      contentOfReview({ artifact: { task_sha256: 'ef' }, root }),
      contentOfReview({ artifact: { task: 'one\n' } }),
    ]).toEqual([sha('one\n'), sha('one\n'), 'ab', 'cd', 'ef', sha('one\n')]);
  });

  test('is unknown for what cannot be read from here', () => {
    const { root } = scratch;
    expect([contentOfReview({ artifact: { path: 'none.ts' }, root }), contentOfReview({ artifact: { path: 'src' }, root }), contentOfReview({ artifact: { path: 'a.ts' } })]).toEqual([
      undefined, undefined, undefined,
    ]);
  });
});

describe('what a batch holds', () => {
  test('is the same as long as nothing is written', () => {
    const batch = { paths: ['a.ts', 'src'], root: scratch.root };
    expect(contentOfBatch(batch)).toBe(contentOfBatch(batch));
  });

  test('changes when a file is written, within a folder too', () => {
    const { root } = scratch;
    const batches = [{ paths: ['a.ts'], root }, { paths: ['src'], root }, { diff: {}, root }];
    const before = batches.map(contentOfBatch);
    utimesSync(scratch.put('src/b.ts', 'three\n'), 1, 1);
    scratch.put('a.ts', 'four\n');
    const changed = batches.map((batch, index) => contentOfBatch(batch) !== before[index]);
    expect(changed).toEqual([true, true, true]);
  });
});
