import { describe, expect, test } from 'vitest';
import { idOfEnds, readLines, type Line } from '#mcp/stdio-lines.ts';

function read(maxBytes: number, ...chunks: readonly string[]): Line[] {
  const lines: Line[] = [];
  const reader = readLines(maxBytes, (line) => lines.push(line));
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return lines;
}

describe('reading lines', () => {
  test('puts them together from chunks of any size, and keeps what has not ended', () => {
    expect(read(100, 'a', 'b\nc', 'd\n\ne')).toEqual([{ text: 'ab' }, { text: 'cd' }, { text: '' }]);
  });

  test('tears no character apart', () => {
    const lines: Line[] = [];
    const reader = readLines(100, (line) => lines.push(line));
    for (const byte of Buffer.from('工房😀\n')) reader.push(Uint8Array.of(byte));
    expect(lines).toEqual([{ text: '工房😀' }]);
  });

  test('takes a line as long as the limit, keeps the ends of a longer one, and goes on behind it', () => {
    const [fits, long, next] = read(10, '0123456789\n', 'abcdefgh', 'ijk', 'lmn\nok\n');
    expect([fits, next]).toEqual([{ text: '0123456789' }, { text: 'ok' }]);
    expect(long).toEqual({ tooLong: true, head: 'abcdefghijk', tail: 'ijklmn' });
  });

  test('holds little of a line that never ends', () => {
    const lines: Line[] = [];
    const reader = readLines(1_000, (line) => lines.push(line));
    for (let count = 0; count < 1_000; count += 1) reader.push(Buffer.alloc(10_000, 120));
    reader.push(Buffer.from('"}\n'));
    const [line] = lines;
    expect(line !== undefined && 'tooLong' in line && [line.head.length, line.tail.length, line.tail.endsWith('xx"}')]).toEqual([4_096, 4_096, true]);
  });
});

describe('the id of a line of which only the ends are known', () => {
  test.each<[string, string, string | number | null]>([
    ['{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"a":"xxx', 'xxx"}}', 5],
    ['{"id":"a-1","jsonrpc":"2.0"', 'x', 'a-1'],
    ['{"method":"tools/call","params":{"text":"xxx', 'xxx"}},"jsonrpc":"2.0","id":12}', 12],
    ['{"method":"tools/call","params":{"text":"{\\"id\\":3}', 'xxx\\"}},\\"id\\":4}"}}', null],
    ['{"method":"m","params":{"text":"x', 'x"},"id":-2}', -2],
    ['[[[[[', ']]]]]', null],
  ])('%s … %s', (head, tail, id) => {
    expect(idOfEnds({ head, tail })).toBe(id);
  });
});
