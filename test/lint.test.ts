import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const canary = join(import.meta.dirname, 'fixtures/canary/src');

interface Lint {
  readonly exitCode: number;
  readonly files: number;
  /** File → what the linter says of it, like the fixtures' first lines. */
  readonly said: Readonly<Record<string, string>>;
}

let folder: string;
let all: Lint;
/** File → what its first line announces. */
let announced: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'koubou-canary-'));
  await cp(canary, join(folder, 'src'), { recursive: true });
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) await cp(join(root, file), join(folder, file));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  announced = await readAnnouncements();
  all = await lint();
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the linter, as this project sets it up,', () => {
  test('says of every canary file what its first line announces, and nothing of the clean ones', () => {
    expect(all.said).toEqual(announced);
  });

  test('looked at every file and fails', async () => {
    expect([all.exitCode, all.files]).toEqual([1, (await sources()).length]);
  });

  test('passes the clean files, and did look at them', async () => {
    await Promise.all(Object.keys(announced).map((file) => rm(join(folder, file))));
    const clean = await sources();
    expect(clean.length).toBeGreaterThanOrEqual(11);
    expect(await lint()).toEqual({ exitCode: 0, files: clean.length, said: {} });
  }, 60_000);
});

describe('the canary', () => {
  test('has a forbidden import for every row of the import table, and a way up for each', async () => {
    const rows = await ruledFolders();
    const breaking = Object.keys(announced).filter((file) => announced[file]!.includes('no-restricted-imports'));
    expect(rows).toEqual([...new Set(rows)]);
    for (const row of rows) {
      const files = breaking.filter((file) => file.startsWith(`src/${row}/`));
      expect([row, files.length > 1, files.includes(`src/${row}/climbs.ts`)]).toEqual([row, true, true]);
    }
  });

  test('breaks every rule that the settings name', async () => {
    const { rules } = await settings();
    const named = Object.keys(rules).filter((rule) => rules[rule] !== 'off').map((rule) => rule.split('/').at(-1)!);
    const broken = new Set(Object.values(announced).map((line) => /\(([\w-]+)\)/.exec(line)![1]!));
    expect(named.filter((rule) => !broken.has(rule))).toEqual([]);
  });

  test('knows every message of the import table', async () => {
    const messages = (await settings()).overrides.flatMap(messagesOf);
    const lines = Object.values(announced);
    expect(messages.filter((message) => !lines.some((line) => line.endsWith(`: ${message}`)))).toEqual([]);
  });
});

interface Settings {
  readonly rules: Readonly<Record<string, unknown>>;
  readonly overrides: readonly { readonly files: readonly string[]; readonly rules: Readonly<Record<string, unknown>> }[];
}

async function settings(): Promise<Settings> {
  return JSON.parse(await readFile(join(root, '.oxlintrc.json'), 'utf8')) as Settings;
}

function messagesOf({ rules }: Settings['overrides'][number]): string[] {
  const [, options] = (rules['no-restricted-imports'] ?? []) as [string, { patterns: readonly { message?: string }[] }?];
  return (options?.patterns ?? []).flatMap(({ message }) => message ?? []);
}

// The folders of src that have a row of their own.
async function ruledFolders(): Promise<string[]> {
  const { overrides } = await settings();
  const rows = overrides.filter(({ rules }) => 'no-restricted-imports' in rules).flatMap(({ files }) => files);
  return rows.flatMap((glob) => /^src\/(\w+)\/\*\*$/.exec(glob)?.[1] ?? []);
}

async function sources(): Promise<string[]> {
  const entries = await readdir(join(folder, 'src'), { recursive: true });
  return entries.filter((entry) => entry.endsWith('.ts')).map((entry) => join('src', entry));
}

async function readAnnouncements(): Promise<Record<string, string>> {
  const lines = await Promise.all((await sources()).map(async (file) => [file, /^\/\/ breaks: (.*)\n/.exec(await readFile(join(folder, file), 'utf8'))?.[1]] as const));
  return Object.fromEntries(lines.flatMap(([file, line]) => (line === undefined ? [] : [[file, line]])));
}

interface Diagnostic {
  readonly filename: string;
  readonly code: string;
  readonly help?: string;
}

async function lint(): Promise<Lint> {
  const arguments_ = [join(root, 'node_modules/oxlint/bin/oxlint'), '--type-aware', '--format', 'json', 'src'];
  const environment = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` };
  const { stdout, exitCode } = await promisify(execFile)(process.execPath, arguments_, { cwd: folder, env: environment, maxBuffer: 10_000_000 }).then(
    (done) => ({ stdout: done.stdout, exitCode: 0 }),
    (failure: { stdout: string; code: number }) => ({ stdout: failure.stdout, exitCode: failure.code }),
  );
  const { diagnostics, number_of_files: files } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[]; number_of_files: number };
  const byFile = Object.groupBy(diagnostics, ({ filename }) => filename);
  return { exitCode, files, said: Object.fromEntries(Object.entries(byFile).map(([file, list]) => [file, list!.map(wordsOf).join(' and ')])) };
}

// Advice is the project's own in the import table alone; elsewhere it is the linter's, and changes with it.
function wordsOf({ code, help }: Diagnostic): string {
  return code.includes('no-restricted-imports') && help !== undefined ? `${code}: ${help}` : code;
}
