import { describe, expect, test } from 'vitest';
import { mergeJson } from '#client/mcp-entries/merge-json.ts';

const entry = { path: ['mcpServers', 'koubou'], value: { command: 'koubou', args: ['mcp'] } };

function merge(text: string, allowsComments = true): string {
  return mergeJson({ name: 'settings.json', text, allowsComments }, [entry]);
}

const inside = `"koubou": {
      "command": "koubou",
      "args": [
        "mcp"
      ]
    }`;

describe('an entry', () => {
  test.each(['', ' \n', '{}', '{\n}\n'])('begins a file that holds nothing: %j', (text) => {
    expect(merge(text).trimEnd()).toBe(`{\n  "mcpServers": {\n    ${inside}\n  }\n}`);
  });

  test('stands behind the other servers, and no other character changes', () => {
    const text = '{\n  // mine\n  "theme": "dark", /* really */\n  "mcpServers": {\n    "other": { "command": "x" }, // keep\n  },\n  "last": [1, 2,]\n}\n';
    expect(merge(text)).toBe(`{\n  // mine\n  "theme": "dark", /* really */\n  "mcpServers": {\n    "other": { "command": "x" },\n    ${inside} // keep\n  },\n  "last": [1, 2,]\n}\n`);
  });

  test('stands in an empty object that holds a comment', () => {
    expect(merge('{\n  "mcpServers": { // none yet\n  }\n}')).toBe(`{\n  "mcpServers": { // none yet\n    ${inside}\n  }\n}`);
  });

  test('replaces one of its name alone', () => {
    const text = '{"a": 1, "mcpServers": {"koubou": {"command": "old"}, "other": {}}, "b": 2}';
    expect(JSON.parse(merge(text))).toEqual({ a: 1, mcpServers: { koubou: entry.value, other: {} }, b: 2 });
    expect(merge(text)).toMatch(/^\{"a": 1, "mcpServers": \{"koubou": \{\n/);
  });

  test.each(['{}', '{ "a": [1], "mcpServers": { "x": {} } }', '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n'])('that is there already changes nothing: %j', (text) => {
    const once = merge(text);
    expect(merge(once)).toBe(once);
  });

  test('keeps numbers, escapes and order as they were written', () => {
    const text = '{"big": 12345678901234567890, "word": "\\u00e9\\n", "z": 1e3, "a": null}';
    expect(merge(text).startsWith('{"big": 12345678901234567890, "word": "\\u00e9\\n", "z": 1e3, "a": null,')).toBe(true);
  });

  test('is indented as the file is', () => {
    expect(merge('{\n\t"a": 1\n}\n')).toContain('\n\t"mcpServers": {');
  });
});

describe('a list', () => {
  const input = { path: ['inputs'], value: { id: 'token', password: true }, isListed: true };
  const add = (text: string): unknown => JSON.parse(mergeJson({ name: 'mcp.json', text, allowsComments: true }, [input]));

  test('gets an element where none has its id', () => {
    expect([add('{}'), add('{"inputs": [{"id": "other"}]}')]).toEqual([{ inputs: [input.value] }, { inputs: [{ id: 'other' }, input.value] }]);
  });

  test('is left alone where one has', () => {
    expect(add('{"inputs": [{"id": "token", "mine": true}]}')).toEqual({ inputs: [{ id: 'token', mine: true }] });
  });
});

describe('a file is left as it is', () => {
  test.each([
    ['{ "a": }', /no JSON/],
    ['{ "a": 1', /no JSON/],
    ['[]', /does not hold an object/],
    ['"words"', /does not hold an object/],
    ['{"mcpServers": []}', /something else than an object under "mcpServers"/],
    ['{"mcpServers": null}', /something else than an object/],
  ])('that holds %s', (text, message) => {
    expect(() => merge(text)).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'FILE_BROKEN', message: expect.stringMatching(message) as string }));
  });

  test('that has comments where its reader allows none', () => {
    expect(() => merge('{ // mine\n}', false)).toThrow(expect.objectContaining({ code: 'FILE_BROKEN' }));
    expect(merge('{ // mine\n}', true)).toContain('// mine');
  });
});
