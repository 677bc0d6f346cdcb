import { expect, test } from 'vitest';
import { searchAttributeList, searchAttributes } from '#domain/search-attributes.ts';

test('the names and types that runs carry never change', () => {
  expect(searchAttributeList.map(({ name, type }) => `${name}=${type}`)).toEqual([
    'KoubouStatus=Keyword',
    'KoubouOutcome=Keyword',
    'KoubouArtifact=Keyword',
    'KoubouTenant=Keyword',
    'KoubouScore=Double',
    'KoubouTarget=Double',
    'KoubouIteration=Int',
  ]);
});

test('the list holds each attribute once', () => {
  const names = new Set(searchAttributeList.map((attribute) => attribute.name));
  expect(names.size).toBe(Object.keys(searchAttributes).length);
});

test('no kind has more attributes than a SQL visibility store has columns for', () => {
  const count = (type: string): number => searchAttributeList.filter((attribute) => attribute.type === type).length;
  expect([count('Keyword') <= 10, count('Double') <= 3, count('Int') <= 3]).toEqual([true, true, true]);
});
