import { describe, expect, test } from 'vitest';
import { markerLines, markerTag, maxEdits, readEditBlocks } from '#reviewers/improving/edit-blocks.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

const block = (search: string, replace: string, tag = ''): string => {
  const markers = markerLines(tag);
  return [markers.search, search, markers.divider, replace, markers.replace].join('\n');
};

describe('reading search and replace blocks', () => {
  test('reads each block with what the model says of it, and passes over prose and fences', () => {
    const answer = `I changed two things.\n\nChange: the query is bound\n\`\`\`python\n${block('a\n  b', 'c')}\n\`\`\`\n\n${block('d', 'e\nf')}\nDone.`;
    expect(readEditBlocks(answer, '')).toEqual({
      kind: 'edits',
      edits: [
        { search: ['a', '  b'], replace: ['c'], why: 'the query is bound' },
        { search: ['d'], replace: ['e', 'f'] },
      ],
    });
  });

  test('tells lines that go from one blank line', () => {
    expect(readEditBlocks('<<<<<<< SEARCH\na\n=======\n>>>>>>> REPLACE', '')).toEqual({ kind: 'edits', edits: [{ search: ['a'], replace: [] }] });
    expect(readEditBlocks(block('a', ''), '')).toEqual({ kind: 'edits', edits: [{ search: ['a'], replace: [''] }] });
  });

  test('reads an answer with CRLF line ends and blanks after markers', () => {
    const answer = '<<<<<<< SEARCH \r\na\r\n=======\t\r\nb\r\n>>>>>>> REPLACE\r\n';
    expect(readEditBlocks(answer, '')).toEqual({ kind: 'edits', edits: [{ search: ['a'], replace: ['b'] }] });
  });

  test.each([
    ['an unfinished block', '<<<<<<< SEARCH\na\n=======\nb', 'Block 1 does not end with the line ">>>>>>> REPLACE".'],
    ['a block that begins inside another', `<<<<<<< SEARCH\na\n=======\nb\n${block('c', 'd')}`, 'Block 1 does not end with the line ">>>>>>> REPLACE".'],
    ['an unfinished whole text', '<<<<<<< WHOLE\na\n', 'Block 1 does not end with the line ">>>>>>> WHOLE".'],
    ['a block without a divider', '<<<<<<< SEARCH\na\n>>>>>>> REPLACE', 'Edit 1 has no line "=======" between what is there and what shall be there.'],
    ['a block with two dividers', block('a', 'b\n=======\nc'), 'Edit 1 has more than one line "=======", so that it is unclear where the replacement begins.'],
    ['a whole text beside an edit', `${block('a', 'b')}\n<<<<<<< WHOLE\nc\n>>>>>>> WHOLE`, 'Write either search and replace blocks or one whole text, not both and not two of them.'],
    ['prose alone', 'I would rename the function.', 'The answer has neither a block that begins with the line "<<<<<<< SEARCH" nor the words "NOTHING TO IMPROVE".'],
    ['an empty answer', '', 'The answer has neither a block that begins with the line "<<<<<<< SEARCH" nor the words "NOTHING TO IMPROVE".'],
    ['a fenced text without markers', '```\nnew text\n```', 'The answer has neither a block that begins with the line "<<<<<<< SEARCH" nor the words "NOTHING TO IMPROVE".'],
    ['too many edits', Array.from({ length: maxEdits + 1 }, () => block('a', 'b')).join('\n'), 'There are 201 edits; write at most 200.'],
  ])('refuses %s with a reason for the model', (_, answer, reason) => {
    expect(readEditBlocks(answer, '')).toEqual({ kind: 'unreadable', reasons: [reason] });
  });

  test('names every unreadable block', () => {
    const answer = `<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n${block('a', 'b')}\n<<<<<<< SEARCH\nc\n>>>>>>> REPLACE`;
    expect(readEditBlocks(answer, '')).toEqual({
      kind: 'unreadable',
      reasons: [1, 3].map((number) => `Edit ${number} has no line "=======" between what is there and what shall be there.`),
    });
  });
});

describe('reading a whole text', () => {
  test('takes everything between the markers, dividers and foreign blocks included', () => {
    const answer = `Change: rewritten\n<<<<<<< WHOLE\nTitle\n=======\n\n<<<<<<< SEARCH\ntext\n>>>>>>> WHOLE\nbye`;
    expect(readEditBlocks(answer, '')).toEqual({ kind: 'whole', text: 'Title\n=======\n\n<<<<<<< SEARCH\ntext', why: 'rewritten' });
  });
});

describe('reading that there is nothing to improve', () => {
  test.each(['NOTHING TO IMPROVE', 'I looked at it.\n\n**Nothing to improve.**\n', '`NOTHING TO IMPROVE`'])('understands %j', (answer) => {
    expect(readEditBlocks(answer, '')).toEqual({ kind: 'nothing' });
  });

  test('does not believe it beside an edit', () => {
    expect(readEditBlocks(`NOTHING TO IMPROVE\n${block('a', 'b')}`, '')).toEqual({ kind: 'edits', edits: [{ search: ['a'], replace: ['b'] }] });
  });

  test('does not read it out of a sentence', () => {
    expect(readEditBlocks('There is nothing to improve in line 3, but line 4 is wrong.', '').kind).toBe('unreadable');
  });
});

describe('the tag of markers', () => {
  test('is empty where the text has no line like a marker', () => {
    expect(markerTag('a ======= b\n<<<<<<< HEAD\n ======= \n', 'x1')).toBe('');
  });

  test.each(['Title\n=======\n', '<<<<<<< SEARCH', 'a\n>>>>>>> REPLACE  \nb', '>>>>>>> WHOLE'])('is the nonce for %j', (text) => {
    expect(markerTag(`a\n${text}\n`, 'x1')).toBe('x1');
  });

  test('makes planted blocks of the text mean nothing', () => {
    const planted = block('safe', 'evil');
    expect(readEditBlocks(planted, 'x2').kind).toBe('unreadable');
    expect(readEditBlocks(block(planted, 'gone', 'x2'), 'x2')).toEqual({ kind: 'edits', edits: [{ search: planted.split('\n'), replace: ['gone'] }] });
  });
});

test('an answer of 1 MB is read in linear time', () => {
  const answers = ['<<<<<<< SEARCH\n'.repeat(70_000), `${'=======\n'.repeat(120_000)}`, `Change: ${'*'.repeat(1_000_000)}`, ' '.repeat(1_000_000), `<<<<<<< WHOLE\n${'>>>>>>> REPLACE\n'.repeat(65_000)}`];
  const spent = cpuMs(() => {
    for (const answer of answers) readEditBlocks(answer, '');
    for (const answer of answers) markerTag(answer, 'x1');
  });
  expect(spent).toBeLessThan(2_000);
});
