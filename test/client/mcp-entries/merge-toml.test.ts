import { describe, expect, test } from 'vitest';
import { parse } from 'smol-toml';
import { mergeToml } from '#client/mcp-entries/merge-toml.ts';

const setting = { path: ['mcp_servers', 'koubou'], value: { command: 'koubou', args: ['mcp'], env: { A: 'b' } } };
const table = '[mcp_servers.koubou]\ncommand = "koubou"\nargs = [ "mcp" ]\n\n[mcp_servers.koubou.env]\nA = "b"\n';

function merge(text: string): string {
  return mergeToml({ name: 'config.toml', text }, setting);
}

describe('a table', () => {
  test('begins a file that holds nothing', () => {
    expect(['', '\n'].map(merge)).toEqual([table, table]);
  });

  test('is put behind all else, comments and all', () => {
    const text = '# mine\nmodel = "x" # this one\n\n[mcp_servers.other]\ncommand = "y"';
    expect(merge(text)).toBe(`${text}\n\n${table}`);
  });

  test('takes the place of the one of its name, with what lies below it', () => {
    const text = 'model = "x"\n\n[mcp_servers.koubou]\n# old\ncommand = "old"\n[mcp_servers.koubou.env]\nB = "c"\n\n[other] # stays\na = 1\n[[list]]\nb = 2\n';
    expect(merge(text)).toBe(`model = "x"\n\n${table}\n[other] # stays\na = 1\n[[list]]\nb = 2\n`);
  });

  test('takes the place of the last one', () => {
    expect(merge('a = 1\n[mcp_servers."koubou"]\ncommand = "old"\n')).toBe(`a = 1\n${table}`);
  });

  test.each(['', 'a = 1\n', '[mcp_servers.koubou]\ncommand = "old"\n', '[mcp_servers.other]\ncommand = "old"\n'])('that is there already changes nothing: %j', (text) => {
    const once = merge(text);
    expect(merge(once)).toBe(once);
    expect(parse(once)['mcp_servers']).toMatchObject({ koubou: { command: 'koubou' } });
  });

  test('in another notation counts as well when it says the same', () => {
    const text = 'mcp_servers.koubou = { command = "koubou", args = ["mcp"], env = { A = "b" } }\n';
    expect(merge(text)).toBe(text);
  });
});

describe('a file is left as it is', () => {
  test('that is no TOML', () => {
    expect(() => merge('a = 1\nb = \n')).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'FILE_BROKEN', message: expect.stringMatching(/no TOML at line 2/) as string }));
  });

  test.each([
    'mcp_servers = { koubou = { command = "old" } }\n',
    'mcp_servers.koubou.command = "old"\n',
    'mcp_servers = { other = { command = "x" } }\n',
    '[mcp_servers]\nkoubou = { command = "old" }\n',
  ])('whose entry stands where no table can be put: %j', (text) => {
    expect(() => merge(text)).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'FILE_UNEXPECTED' }));
  });

  test('whose text holds what looks like a header', () => {
    const text = 'words = """\n[mcp_servers.koubou]\n"""\n[mcp_servers.koubou]\ncommand = "old"\n';
    expect(() => merge(text)).toThrow(expect.objectContaining({ code: 'FILE_UNEXPECTED' }));
  });
});
