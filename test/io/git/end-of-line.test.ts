import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endOfLineRule, toBlob, type TextAttributes } from '#io/git/end-of-line.ts';
import { makeRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

const none: TextAttributes = { text: 'unspecified', eol: 'unspecified', crlf: 'unspecified' };

describe('the rule for line ends', () => {
  test.each([
    [{}, undefined, 'keep'],
    [{}, 'false', 'keep'],
    [{}, 'true', 'auto'],
    [{}, 'Input', 'auto'],
    [{ text: 'set' }, 'false', 'text'],
    [{ text: 'unset' }, 'true', 'keep'],
    [{ text: 'unset', eol: 'lf' }, 'true', 'keep'],
    [{ text: 'auto' }, undefined, 'auto'],
    [{ text: 'auto', eol: 'crlf' }, undefined, 'auto'],
    [{ eol: 'crlf' }, undefined, 'text'],
    [{ eol: 'lf' }, undefined, 'text'],
    [{ crlf: 'input' }, undefined, 'text'],
    [{ crlf: 'unset' }, 'true', 'keep'],
    [{ text: 'set', crlf: 'unset' }, undefined, 'text'],
  ])('%j with core.autocrlf %s is %s', (attributes, autocrlf, rule) => {
    expect(endOfLineRule({ ...none, ...attributes }, autocrlf)).toBe(rule);
  });
});

const contents: Record<string, Uint8Array> = Object.fromEntries(
  Object.entries({
    lf: 'a\nb\n',
    crlf: 'a\r\nb\r\n',
    mixed: 'a\r\nb\nc\r\n',
    loneCr: 'a\rb\r\n',
    crlfAfterCr: 'a\r\r\nb\n',
    nul: 'a\0b\r\n',
    bell: 'a\u0007\r\n',
    manyPrintable: `${'x'.repeat(200)}\u0007\r\n`,
    escape: 'a\u001b[0m\r\n',
    endOfFile: 'a\r\n\u001a',
    japanese: '工房\r\n',
    noNewline: 'a\r\nb',
    empty: '',
  }).map(([name, text]) => [name, new TextEncoder().encode(text)]),
);

describe('a blob is what git add itself makes of the file', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = makeScratch('eol');
  });
  afterEach(() => scratch.remove());

  test.each([
    ['keep', '* -text', null],
    ['text', '* text', null],
    ['auto', '* text=auto', null],
    ['auto', '* text=auto', 'a\r\nold\r\n'],
    ['auto', '* text=auto', 'a\nold\n'],
    ['auto', '* text=auto', 'a\rold\r\n'],
  ] as const)('under rule %s (%s) over a committed %j', (rule, attributes, committed) => {
    const repository = makeRepository(scratch.root);
    if (committed !== null) {
      repository.write('.gitattributes', '* -text');
      for (const name of Object.keys(contents)) repository.write(name, committed);
      repository.commitAll();
    }
    repository.write('.gitattributes', attributes);
    for (const [name, content] of Object.entries(contents)) repository.write(name, content);
    repository.git('add', '.');
    const before = committed === null ? null : new TextEncoder().encode(committed);
    const expected = Object.entries(contents).map(([name, content]) => `${name} ${blobId(toBlob(content, rule, before))}`);
    const added = repository.git('ls-files', '--stage', ...Object.keys(contents)).split('\n').map((line) => `${line.slice(50)} ${line.slice(7, 47)}`);
    expect(added.toSorted()).toEqual(expected.toSorted());
  });
});

function blobId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
