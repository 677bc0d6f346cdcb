import { describe, expect, test } from 'vitest';
import { isJudged, kindOf, languageOf, languages } from '#domain/artifact.ts';

describe('the language of an artifact', () => {
  test.each([
    ['a.ts', 'typescript'], ['a.mts', 'typescript'], ['a.cts', 'typescript'], ['view.tsx', 'typescript'], ['types.d.ts', 'typescript'],
    ['a.js', 'javascript'], ['a.mjs', 'javascript'], ['a.cjs', 'javascript'], ['a.jsx', 'javascript'],
    ['a.py', 'python'], ['a.pyi', 'python'],
    ['a.json', 'json'], ['a.jsonc', 'json'], ['a.css', 'css'],
    ['README.md', 'markdown'], ['a.markdown', 'markdown'],
    ['a.yaml', 'yaml'], ['a.yml', 'yaml'], ['a.toml', 'toml'], ['a.txt', 'text'],
    ['src/deep/a.ts', 'typescript'], ['A.PY', 'python'], ['archive.tar.md', 'markdown'],
  ])('of %s is %s by its extension', (name, language) => {
    expect(languageOf(name)).toBe(language);
  });

  test.each(['Makefile', 'a.rs', 'a.', '', '.', 'folder.ts/file', 'toString', '__proto__', 'a.constructor'])('of %j is unknown', (name) => {
    expect(languageOf(name)).toBe('unknown');
  });

  test.each([
    ['#!/usr/bin/env python3\nprint(1)', 'python'],
    ['#!/usr/bin/python3.12 -u', 'python'],
    ['#! /usr/bin/python\r\nprint(1)', 'python'],
    ['#!/usr/bin/env node\n', 'javascript'],
    ['#!/usr/bin/env -S node --enable-source-maps\n', 'javascript'],
    ['#!/usr/bin/env NODE_ENV=test node\n', 'javascript'],
    ['#!/usr/bin/nodejs\n', 'javascript'],
    ['#!/usr/bin/env bun', 'javascript'],
    ['#!/usr/bin/env deno', 'javascript'],
  ])('without an extension comes from the interpreter of the first line: %j', (text, language) => {
    expect(languageOf('tool', text)).toBe(language);
  });

  test.each(['#!/opt/node/bin/bash\n', '#!/bin/sh\n# python\n', '#!/bin/bash -c node\n', '#!', '#!\npython', '', 'python', '\n#!/usr/bin/python\n', `#!${' '.repeat(300)}python`])(
    'without an extension and a known interpreter is unknown: %j',
    (text) => {
      expect(languageOf('tool', text)).toBe('unknown');
    },
  );

  test('is decided by a known extension, whatever the first line says', () => {
    expect(languageOf('a.md', '#!/usr/bin/env python3\n')).toBe('markdown');
  });

  test('has a kind, and says whether an engine can judge it', () => {
    expect(languages.map((language) => [language, kindOf(language), isJudged(language)])).toEqual([
      ['typescript', 'code', true],
      ['javascript', 'code', true],
      ['python', 'code', true],
      ['json', 'config', true],
      ['css', 'code', true],
      ['markdown', 'document', true],
      ['yaml', 'config', true],
      ['toml', 'config', true],
      ['text', 'document', false],
      ['unknown', 'document', false],
    ]);
  });
});
