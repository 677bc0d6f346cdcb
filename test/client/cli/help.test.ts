import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandNames, commonFlags, specOf } from '#client/cli/command-table.ts';

const sections = new Map(
  readFileSync(new URL('../../../bin/help.txt', import.meta.url), 'utf8')
    .split(/^# /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 1)] as const),
);

const told = commandNames;

describe.each(told)('the help of koubou %s', (name) => {
  const text = sections.get(name) ?? '';

  test('names every flag of the table', () => {
    const missing = Object.keys(specOf(name).flags).filter((flag) => !new RegExp(`--${flag}(?![\\w-])`).test(text));
    expect(missing).toEqual([]);
  });

  test('names no flag that is not there', () => {
    const known = [...Object.keys(specOf(name).flags), ...Object.keys(commonFlags), 'help'];
    const others = [...text.matchAll(/(?<![\w-])--([a-z][\w-]*)/g)].map(([, flag]) => flag!).filter((flag) => !known.includes(flag));
    expect(others.filter((flag) => !['check'].includes(flag))).toEqual([]);
  });
});

test('the overview names every command and the flags of all', () => {
  const overview = sections.get('koubou') ?? '';
  expect(told.filter((name) => !new RegExp(`(^| )${name}\\b`, 'm').test(overview))).toEqual([]);
  expect(Object.keys(commonFlags).filter((flag) => !overview.includes(`--${flag}`))).toEqual([]);
});
