import { describe, expect, test } from 'vitest';
import { createPrincipals } from '#mcp/http/principals.ts';

const [ann, ben] = [{ tenant: 'ann' }, { tenant: 'ben' }];
const principals = createPrincipals([{ token: 'token-of-ann-0001', principal: ann }, { token: 'token-of-ben-0001', principal: ben }]);

describe('a token', () => {
  test('leads to whose it is', () => {
    expect(['Bearer token-of-ann-0001', 'bearer token-of-ben-0001', 'Bearer  token-of-ben-0001 '].map((header) => principals.find(header))).toEqual([ann, ben, ben]);
  });

  test.each([
    undefined, '', 'Bearer', 'Bearer ', 'Bearer token-of-ann-0002', 'Bearer token-of-ann-000', 'Bearer token-of-ann-00011', 'Basic token-of-ann-0001', 'token-of-ann-0001',
    'Bearer token-of-ann-0001, Bearer x', 'Bearer token-of-ann-0001\ttoken-of-ben-0001', `Bearer ${'a'.repeat(5000)}`,
  ])('is not one in %j', (header) => {
    expect(principals.find(header)).toBeNull();
  });
});
