import { describe, expect, test } from 'vitest';
import { canonicalJson, identify } from '#client/identity.ts';

const place = { tenant: 'default', host: 'host-a', root: '/r', content: 'aa' };
const request = { artifact: { path: 'a.ts' }, root: '/r', target_score: 90 };

describe('the identity of a request', () => {
  const own = identify('review', request, place);

  test('is a workflow id of 20 hex digits and the whole hash', () => {
    expect(own.workflowId).toMatch(/^review-[0-9a-f]{20}$/);
    expect(own.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(own.hash.startsWith(own.workflowId.slice('review-'.length))).toBe(true);
  });

  test('is the same whatever the order of fields, the formats and the priority', () => {
    const same = { target_score: 90, formats: ['html'], priority: 1, root: '/r', artifact: { path: 'a.ts' } };
    expect(identify('review', same, { content: 'aa', root: '/r', host: 'host-a', tenant: 'default' })).toEqual(own);
  });

  test.each([
    ['the tenant', request, { ...place, tenant: 'other' }],
    ['the host', request, { ...place, host: 'host-b' }],
    ['the root', request, { ...place, root: '/s' }],
    ['what the artifact holds', request, { ...place, content: 'bb' }],
    ['whether it could be read', request, { ...place, content: undefined }],
    ['the target', { ...request, target_score: 91 }, place],
    ['what is saved', { ...request, save: 'write' }, place],
  ])('changes with %s', (_what, given, where) => {
    expect(identify('review', given, where).hash).not.toBe(own.hash);
  });

  test('of a batch begins with batch', () => {
    expect(identify('batch', request, place).workflowId).toMatch(/^batch-[0-9a-f]{20}$/);
  });

  // A change here makes every client of the old version start anew what runs already.
  test('stays what it was', () => {
    expect(own.workflowId).toBe('review-8c911f15f4f5f08acfa1');
  });
});

test('canonical JSON sorts keys at every depth and drops what is undefined', () => {
  expect(canonicalJson({ b: [{ z: 1, y: undefined }, undefined, null], a: { d: 'x', c: true } })).toBe('{"a":{"c":true,"d":"x"},"b":[{"z":1},null,null]}');
});
