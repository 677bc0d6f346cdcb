import { describe, expect, test } from 'vitest';
import { endingOf, endingOfLanguage, hasKnownEnding } from '#reviewers/improving/file-types.ts';
import { guessType } from '#reviewers/improving/guess-type.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

const shebang = 'its first line names an interpreter';
const lines = 'its lines look like it';
const spoken = 'the task speaks of it';

describe('the type of a text', () => {
  test.each([
    ['#!/usr/bin/env python3\nprint(1)\n', '', '.py', shebang],
    ['#!/bin/bash\necho hi\n', '', '.sh', shebang],
    ['#!/usr/bin/env node\nconsole.log(1)\n', '', '.js', shebang],
    ['{"a": [1, 2]}\n', '', '.json', 'it is JSON'],
    ['import os\n\ndef main():\n    print(os.name)\n', '', '.py', lines],
    ['export interface A {\n  readonly b: string;\n}\nexport function f(a: A): string {\n  return a.b;\n}\n', '', '.ts', lines],
    ["const fs = require('fs');\nfunction f() {\n  console.log(fs);\n}\n", '', '.js', lines],
    ['body {\n  color: red;\n}\n.a {\n  margin: 0;\n}\n', '', '.css', lines],
    ['package main\n\nfunc main() {\n\tx := 1\n}\n', '', '.go', lines],
    ['pub fn main() {\n    let mut x = 1;\n}\n', '', '.rs', lines],
    ['SELECT a FROM b;\nCREATE TABLE c (d INT);\n', '', '.sql', lines],
    ['<!DOCTYPE html>\n<html>\n<body>\n<p>hi</p>\n</body>\n</html>\n', '', '.html', lines],
    ['[tool.a]\nb = "c"\nd = 1\n', '', '.toml', lines],
    ['name: ci\non: push\njobs:\n  test:\n    steps:\n', '', '.yaml', lines],
    ['FROM node:24\nRUN npm ci\nCMD ["node"]\n', '', 'Dockerfile', lines],
    ['# 注文の仕様\n\n- 注文を受ける。\n- 在庫を確かめる。\n', '', '.md', lines],
    ['注文を受けたら、在庫を確かめる。\n足りなければ知らせる。\n', '', '.md', lines],
    ['Dear customer\n\nthank you\n', '', '.md', 'nothing in it speaks for a program'],
    ['x\n', 'Pythonスクリプトを書いて', '.py', spoken],
    ['x\n', 'ログイン機能の設計書を作成してください', '.md', spoken],
    ['x\n', 'Write a bash script that backs up', '.sh', spoken],
    ['x\n', 'TypeScript で書いて', '.ts', spoken],
    ['const a = 1;\nfunction f() {\n}\n', 'a TypeScript module', '.ts', lines],
    ['import os\n\ndef f():\n    print(os.name)\n', 'port it from TypeScript', '.py', lines],
    ['# Plan\n\n- use Python\n- test it\n', 'Write a Python project plan', '.md', lines],
  ])('%j for the task %j is %s', (text, task, ending, why) => {
    expect(guessType(text, task)).toEqual({ ending, why });
  });

  test('is found in linear time', () => {
    const spent = cpuMs(() => {
      for (const part of ['a', ' ', '- ', 'def a(', '{', '#', 'a: ', '<p', 'select ']) guessType(part.repeat(1_000_000 / part.length), part.repeat(1_000_000 / part.length));
    });
    expect(spent).toBeLessThan(2_000);
  });
});

test('languages have endings', () => {
  expect(['Python', ' TS ', 'bash', 'dockerfile', 'klingon', 'constructor'].map(endingOf)).toEqual(['.py', '.ts', '.sh', 'Dockerfile', undefined, undefined]);
  expect([endingOfLanguage('python'), endingOfLanguage('unknown')]).toEqual(['.py', undefined]);
  expect(['a.py', 'src/Dockerfile', '.py', 'a.docx', 'a', 'x/a.MD'].map(hasKnownEnding)).toEqual([true, true, false, false, false, true]);
});
