import { structuredPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, replaceAt } from '#reviewers/improving/apply-edits.ts';
import type { Edit } from '#reviewers/improving/edit-blocks.ts';
import { locateEdits } from '#reviewers/improving/locate-edits.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

const edit = (search: string, replace: string | null): Edit => ({ search: search.split('\n'), replace: replace === null ? [] : replace.split('\n') });
const applied = (text: string) => ({ kind: 'applied', text });
const refused = (...reasons: string[]) => ({ kind: 'refused', reasons });

const text = 'import os\nimport os.path\n\ndef f():\n    return 1\n\ndef g():\n    return 1\n';

describe('where an edit goes', () => {
  test('whole lines count before parts of lines', () => {
    expect(applyEdits(text, [edit('import os', 'import sys')])).toEqual(applied(text.replace('import os\n', 'import sys\n')));
  });

  test('a part of one line is found where no whole line fits', () => {
    expect(applyEdits('a long paragraph. It ends.\nmore\n', [edit('It ends.', 'It goes on.')])).toEqual(applied('a long paragraph. It goes on.\nmore\n'));
  });

  test('blanks at line ends are passed over when nothing fits exactly', () => {
    expect(applyEdits('def f():  \n    return 1\t\nrest  \n', [edit('def f():\n    return 1', 'def f():\n    return 2')])).toEqual(applied('def f():\n    return 2\nrest  \n'));
  });

  test('edits come in any order', () => {
    const edits = [edit('def g():\n    return 1', 'def g():\n    return 3'), edit('def f():\n    return 1', 'def f():\n    return 2')];
    expect(applyEdits(text, edits)).toEqual(applied(text.replace('return 1', 'return 2').replace('return 1', 'return 3')));
  });

  test('edits may touch without overlapping', () => {
    expect(applyEdits('a\nb\nc\n', [edit('a', 'A'), edit('b', 'B\nbb'), edit('c', null)])).toEqual(applied('A\nB\nbb\n'));
  });

  test('an edit that changes nothing needs no place', () => {
    expect(applyEdits(text, [edit('no such line', 'no such line')])).toEqual(applied(text));
  });

  test('the first and the last line can go', () => {
    expect(applyEdits('a\nb\nc\n', [edit('a', null), edit('c', null)])).toEqual(applied('b\n'));
    expect(applyEdits('a\nb\nc', [edit('c', null)])).toEqual(applied('a\nb'));
    expect(applyEdits('a', [edit('a', null)])).toEqual(applied(''));
  });
});

describe('an edit that has no single place is refused with what to do', () => {
  test.each([
    ['occurs twice as whole lines', edit('    return 1', 'x'), 'Edit 1: its SEARCH occurs more than once (lines 5, 8); add neighbouring lines until it occurs once.'],
    ['occurs twice within lines', edit('return', 'x'), 'Edit 1: its SEARCH occurs more than once (lines 5, 8); add neighbouring lines until it occurs once.'],
    ['occurs nowhere', edit('def h():', 'x'), 'Edit 1: its SEARCH does not occur in the text; copy the lines exactly as they are.'],
    ['stops to fit', edit('def f():\n    return 2', 'x'), 'Edit 1: its SEARCH fits from line 4 on but differs at line 5; copy the lines exactly as they are.'],
    ['runs over the end', edit('def g():\n    return 1\nmore', 'x'), 'Edit 1: its SEARCH fits from line 7 on but differs at line 9; copy the lines exactly as they are.'],
    ['carries line numbers', edit('4| def f():\n5|     return 1', 'x'), 'Edit 1: its SEARCH carries line numbers; write the lines without them.'],
    ['is blank', edit('  \n', 'x'), 'Edit 1: its SEARCH is blank; give the lines that the change stands beside.'],
    ['is endless', edit('x\n'.repeat(1_000), 'x'), 'Edit 1: its SEARCH has 1001 lines; write at most 1000.'],
    ['holds a NUL', edit('import os', 'a\0b'), 'Edit 1: its replacement holds characters that no text has.'],
    ['holds half a character', edit('import os', 'a\ud800'), 'Edit 1: its replacement holds characters that no text has.'],
    ['leaves text out', edit('def f():', 'def f():\n    # ... rest of the function unchanged'), 'Edit 1: its replacement leaves text out and says so in a placeholder; write every line in full.'],
  ])('%s', (_, one, reason) => {
    expect(applyEdits(text, [one])).toEqual(refused(reason));
  });

  test('one line that holds it twice is named once', () => {
    expect(applyEdits('ab ab\n', [edit('ab', 'c')])).toEqual(refused('Edit 1: its SEARCH occurs more than once (line 1); add neighbouring lines until it occurs once.'));
    expect(applyEdits('a\n'.repeat(9), [edit('a', 'c')])).toEqual(
      refused('Edit 1: its SEARCH occurs more than once (lines 1, 2, 3, 4 and maybe more); add neighbouring lines until it occurs once.'),
    );
  });

  test('one bad edit refuses them all, and every bad one is named', () => {
    expect(applyEdits('a\nb\n', [edit('a', 'A'), edit('x', 'X'), edit('y', 'Y')])).toEqual(
      refused('Edit 2: its SEARCH does not occur in the text; copy the lines exactly as they are.', 'Edit 3: its SEARCH does not occur in the text; copy the lines exactly as they are.'),
    );
  });

  test('overlapping edits are refused', () => {
    expect(applyEdits('a\nb\nc\n', [edit('b\nc', 'x'), edit('a\nb', 'y')])).toEqual(refused('Edit 1: it changes lines that edit 2 changes too; write one edit for both.'));
  });

  test('a result beyond three times the text and 20,000 characters is refused', () => {
    const more = 'x'.repeat(20_001);
    expect(applyEdits('a\n', [edit('a', more.slice(1))])).toEqual(applied(`${more.slice(1)}\n`));
    expect(applyEdits('a\n', [edit('a', more)])).toEqual(applied(`${more}\n`));
    expect(applyEdits('a\n', [edit('a', `${more}x`)])).toEqual(refused('The result would have 20003 characters, more than the 20002 that an improvement may have.'));
  });
});

describe('line ends stay', () => {
  test('a replacement ends its lines as the lines it replaces', () => {
    expect(applyEdits('a\r\nb\r\nc\n', [edit('a\nb', 'x\ny\nz')])).toEqual(applied('x\r\ny\r\nz\r\nc\n'));
    expect(applyEdits('a\nb\r\n', [edit('a', 'x\ny')])).toEqual(applied('x\ny\nb\r\n'));
    expect(applyEdits('a\r\nb', [edit('b', 'x\ny')])).toEqual(applied('a\r\nx\r\ny'));
    expect(applyEdits('one two\r\nb\n', [edit('two', 'x\ny')])).toEqual(applied('one x\r\ny\r\nb\n'));
    expect(applyEdits('a\r\nb\r\n', [edit('b', null)])).toEqual(applied('a\r\n'));
  });

  test('a final newline, or none, stays as it was', () => {
    expect(applyEdits('a\nb', [edit('b', 'x\n')])).toEqual(applied('a\nx'));
    expect(applyEdits('a\nb\n', [edit('b', 'x')])).toEqual(applied('a\nx\n'));
    expect(applyEdits('a\nb\n', [edit('a\nb', null)])).toEqual(applied(''));
  });
});

describe('a part of the text', () => {
  const parts = 'a\nb\na\nb\n';
  test('an edit is looked for only in the lines that were shown', () => {
    expect(locateEdits(parts, [edit('a', 'x')], { firstLine: 2 })).toEqual({ kind: 'located', edits: [{ start: 4, end: 5, replacement: 'x' }] });
    expect(locateEdits(parts, [edit('a', 'x')], { endLine: 3 })).toEqual({ kind: 'located', edits: [{ start: 0, end: 1, replacement: 'x' }] });
    expect(locateEdits('aa\naa\n', [edit('aa', 'x')], { firstLine: 2, endLine: 3 })).toEqual({ kind: 'located', edits: [{ start: 3, end: 5, replacement: 'x' }] });
  });

  test('what lies outside has no place', () => {
    expect(locateEdits('one two\nthree\n', [edit('two', 'x')], { firstLine: 2 })).toEqual(refused('Edit 1: its SEARCH does not occur in the text; copy the lines exactly as they are.'));
    expect(locateEdits('three\none two\n', [edit('two', 'x')], { endLine: 2 })).toEqual(refused('Edit 1: its SEARCH does not occur in the text; copy the lines exactly as they are.'));
  });
});

const line = fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', ' ', '\t', 'é', '漢', '$', '&', '\\') });

describe('whatever the text', () => {
  test('edits made from a diff make its target', () => {
    const some = fc.array(line, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(some, some, fc.boolean(), (before, after, ends) => {
        // A number in each line makes every line the only one of its kind.
        const source = before.map((content, index) => `${index}:${content}`);
        const target = after.map((content, index) => (index % 3 === 0 ? content : (source[index] ?? content)));
        const [from, to] = [source, target].map((lines) => lines.join('\n') + (ends ? '\n' : ''));
        fc.pre(ends || target.at(-1) !== '');
        const patch = structuredPatch('', '', from!, to!, undefined, undefined, { context: 1 });
        const edits = patch.hunks.map(({ lines }) => ({
          search: lines.filter((content) => /^[ -]/.test(content)).map((content) => content.slice(1)),
          replace: lines.filter((content) => /^[ +]/.test(content)).map((content) => content.slice(1)),
        }));
        const result = applyEdits(from!, edits.toReversed());
        expect(result).toEqual(applied(to!));
      }),
      { numRuns: 500 },
    );
  });

  test('nothing outside the places changes, and a place holds what was searched', () => {
    const edits = fc.array(fc.record({ search: fc.array(line, { minLength: 1, maxLength: 3 }), replace: fc.array(line, { maxLength: 3 }) }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), edits, fc.constantFrom('\n', '\r\n'), (lines, some, eol) => {
        const given = lines.join(eol);
        const located = locateEdits(given, some);
        if (located.kind === 'refused') return;
        const result = replaceAt(given, located.edits);
        if (result.kind !== 'applied') throw new Error('refused after all');
        let [from, to] = [0, 0];
        for (const { start, end, replacement } of located.edits) {
          expect(result.text.slice(to, to + start - from)).toBe(given.slice(from, start));
          to += start - from + replacement.length;
          from = end;
          const found = given.slice(start, end).split(/\r?\n/).map((content) => content.trimEnd()).join('\n').trim();
          expect(some.map(({ search }) => search.map((content) => content.trimEnd()).join('\n').trim())).toContain(found);
        }
        const rest = given.slice(from);
        expect(rest.startsWith(result.text.slice(to)) || result.text.slice(to) === rest).toBe(true);
        expect(rest.slice(result.text.length - to).trim()).toBe('');
      }),
      { numRuns: 2_000 },
    );
  });

  test('1 MB is edited in linear time', () => {
    const lines = 'a\n'.repeat(500_000);
    const spent = cpuMs(() => {
      applyEdits(lines, [edit(`${'a\n'.repeat(200)}b`, 'x')]);
      applyEdits('a'.repeat(1_000_000), [edit(`${'a'.repeat(1_000)}b`, 'x')]);
      applyEdits(`${'x'.repeat(60)}\n`.repeat(16_000), Array.from({ length: 5 }, (_, index) => edit(`y${index}`, 'x')));
    });
    expect(spent).toBeLessThan(3_000);
  });
});
