import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mcpClientIds } from '#client/mcp-entries/clients.ts';
import { runInProcess, type InProcess } from '#test/support/program.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = makeScratch('mcp-install');
});

afterEach(() => scratch.remove());

function install(words: string, env: Readonly<Record<string, string>> = {}): Promise<InProcess> {
  return runInProcess(['mcp', 'install', ...words.split(' ').filter((word) => word !== '')], { cwd: scratch.root, env: { HOME: scratch.root, PATH: '', ...env } });
}

const files = { codex: '.codex/config.toml', claude: '.claude.json', gemini: '.gemini/settings.json', vscode: '.config/Code/User/mcp.json', cursor: '.cursor/mcp.json' } as const;

describe.each(mcpClientIds)('koubou mcp install --client %s', (id) => {
  const file = (): string => join(scratch.root, files[id]);

  test('writes the entry after showing it, and finds it there the next time', async () => {
    const first = await install(`--client ${id} --yes`);
    const text = readFileSync(file(), 'utf8');
    const second = await install(`--client ${id}`);
    expect([first.code, second.code, readFileSync(file(), 'utf8')]).toEqual([0, 0, text]);
    expect(first.stderr).toContain(text.trimEnd());
    expect([first.stdout, second.stdout]).toEqual([expect.stringMatching(/^Wrote .*See it with: /), expect.stringContaining('has this entry already')]);
  });

  test('prints the entry and writes nothing', async () => {
    const { code, stdout, stderr } = await install(`--client ${id} --print`);
    expect([code, stderr, existsSync(file())]).toEqual([0, '', false]);
    expect(stdout).toContain('mcp');
  });

  test('writes nothing where nobody can be asked', async () => {
    const { code, stderr } = await install(`--client ${id}`);
    expect([code, existsSync(file())]).toEqual([2, false]);
    expect(stderr).toContain('Give --yes to have it written, or --print to see it alone.');
  });

  test('leads to a server over HTTP without writing a token', async () => {
    const { code } = await install(`--client ${id} --http http://127.0.0.1:8740/mcp --yes`, { KOUBOU_MCP_TOKEN: 'canary-0123456789abcdef' });
    const text = readFileSync(file(), 'utf8');
    expect([code, text.includes('http://127.0.0.1:8740/mcp'), text.includes('canary'), /KOUBOU_MCP_TOKEN|koubou-token/.test(text)]).toEqual([0, true, false, true]);
  });

  test('writes no key of a model, and names it where the client hands on nothing else', async () => {
    await install(`--client ${id} --yes`, { OPENAI_API_KEY: 'canary-key' });
    const text = readFileSync(file(), 'utf8');
    expect([text.includes('canary-key'), text.includes('OPENAI_API_KEY')]).toEqual([false, id === 'codex' || id === 'gemini']);
  });

  test('leaves a broken file as it is', async () => {
    scratch.put(files[id], '{ broken');
    const { code, stderr } = await install(`--client ${id} --yes`);
    expect([code, readFileSync(file(), 'utf8')]).toEqual([2, '{ broken']);
    expect(stderr).toContain('FILE_BROKEN');
  });
});

describe('koubou mcp install', () => {
  test('writes whole entries: what each client is told', async () => {
    const entries = await Promise.all(mcpClientIds.map(async (id) => (await install(`--client ${id} --print`, { KOUBOU_HOME: '/state' })).stdout));
    const stdio = { command: 'false', args: ['mcp'], env: { KOUBOU_HOME: '/state' } };
    const editor = { ...stdio, args: ['mcp', '--root', '${workspaceFolder}'] };
    expect(entries[0]).toBe('[mcp_servers.koubou]\ncommand = "false"\nargs = [ "mcp" ]\nstartup_timeout_sec = 30\ntool_timeout_sec = 600\n\n[mcp_servers.koubou.env]\nKOUBOU_HOME = "/state"\n');
    expect(entries.slice(1).map((entry) => JSON.parse(entry) as unknown)).toEqual([
      { mcpServers: { koubou: { type: 'stdio', ...stdio } } },
      { mcpServers: { koubou: { ...stdio, timeout: 600_000 } } },
      { servers: { koubou: { type: 'stdio', ...editor } } },
      { mcpServers: { koubou: editor } },
    ]);
  });

  test('follows the folders that clients let be moved', async () => {
    await install('--client codex --yes', { CODEX_HOME: join(scratch.root, 'codex') });
    await install('--client claude --yes', { CLAUDE_CONFIG_DIR: join(scratch.root, 'claude') });
    await install('--client vscode --yes', { XDG_CONFIG_HOME: join(scratch.root, 'xdg') });
    expect(['codex/config.toml', 'claude/.claude.json', 'xdg/Code/User/mcp.json'].map((file) => existsSync(join(scratch.root, file)))).toEqual([true, true, true]);
  });

  test('tells programs what it did', async () => {
    const { stdout } = await install('--client claude --yes --json');
    expect(JSON.parse(stdout)).toEqual({ schema: 'koubou.mcp-entry/1', client: 'claude', file: join(scratch.root, '.claude.json'), entry: expect.stringContaining('"koubou"') as string, written: true });
  });

  test.each([
    ['', /Which client\? --client codex\|claude\|gemini\|vscode\|cursor\./],
    ['--client emacs', /--client takes one of codex, claude, gemini, vscode, cursor\./],
    ['--client codex --http http://me:canary@127.0.0.1:8740/mcp', /without user or password\./],
    ['--client codex --http 8740', /--http takes the address of a server that runs/],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await install(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
