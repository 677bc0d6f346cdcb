import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { oldestGo } from '#client/services/temporal-binary/build.ts';
import { cliVersion, isOlder } from '#client/services/temporal-binary/versions.ts';

test('versions are compared number by number', () => {
  const olderThan = (version: string) => isOlder(version, [1, 31, 2]);
  expect(['1.31.1', '1.9.9', '0.99.99', '1.31'].map(olderThan)).toEqual([true, true, true, true]);
  expect(['1.31.2', '1.31.10', '1.100.0', '2.0.0'].map(olderThan)).toEqual([false, false, false, false]);
});

test('the module that is built fixes the same release, and needs no newer Go than is asked for', () => {
  const module = readFileSync(fileURLToPath(new URL('../../../../tools/temporal/go.mod', import.meta.url)), 'utf8');
  expect(/^(?:require|\t)\s*github\.com\/temporalio\/cli v(\S+)/m.exec(module)?.[1]).toBe(cliVersion);
  expect(/^go (\S+)$/m.exec(module)?.[1]).toBe(oldestGo.join('.'));
});
