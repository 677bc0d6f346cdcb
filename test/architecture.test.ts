import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Source {
  /** Relative to the root, with '/'. */
  readonly path: string;
  /** The folder of src it lies in; empty for src itself. */
  readonly folder: string;
  readonly text: string;
  /** Every module it names: static, dynamic, and types alike. */
  readonly imports: readonly string[];
}

const sources: readonly Source[] = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = read(join('src', name));
    const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    return { path: join('src', name), folder: name.includes('/') ? name.split('/')[0]! : '', text, imports };
  });

/** The paths of the sources that break a rule; an empty list is what every test expects. */
function breaking(rule: (source: Source) => boolean): string[] {
  return sources.filter(rule).map(({ path }) => path);
}

describe('the source', () => {
  test('was found, imports and all', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.find(({ path }) => path === 'src/domain/loop/gate.ts')?.imports).toContain('#domain/scorecard.ts');
    expect(sources.filter(({ imports }) => imports.some((name) => name.startsWith('#'))).length).toBeGreaterThan(50);
  });

  test('has no file of more than 250 lines', () => {
    expect(breaking(({ text }) => text.trimEnd().split('\n').length > 250)).toEqual([]);
  });

  test('has no folder and no file for whatever fits nowhere else', () => {
    const places = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
    expect(places.filter((place) => /(^|\/)(utils?|helpers?|common|shared|misc|managers?|lib)(\.ts)?$/i.test(place))).toEqual([]);
  });

  test("names other folders by '#' and its own by './', never by '../'", () => {
    expect(breaking(({ imports }) => imports.some((name) => name.startsWith('..') || name.startsWith('/') || name.startsWith('file:')))).toEqual([]);
  });

  test('names modules that exist, with their ending', () => {
    const missing = sources.flatMap(({ path, imports }) =>
      imports
        .filter((name) => name.startsWith('#') || name.startsWith('.'))
        .map((name) => (name.startsWith('#') ? join('src', name.slice(1)) : join(path, '..', name)))
        .filter((file) => !existsSync(join(root, file)) || !statSync(join(root, file)).isFile())
        .map((file) => `${path} → ${file}`),
    );
    expect(missing).toEqual([]);
  });

  test('touches files and processes in src/io alone', () => {
    const outside = /^(node:)?(fs|fs\/promises|child_process|worker_threads)$|^execa$/;
    expect(breaking(({ folder, imports }) => folder !== 'io' && imports.some((name) => outside.test(name) && !isEngineThread(folder, name)))).toEqual([]);
  });

  test('speaks SQL in src/store alone', () => {
    expect(breaking(({ folder, imports }) => folder !== 'store' && imports.some((name) => /^(kysely|pg|node:sqlite)$/.test(name)))).toEqual([]);
  });

  test('reads the environment in src/config.ts alone', () => {
    expect(breaking(({ path, text }) => path !== 'src/config.ts' && /process\.env\b|process\[['"]env/.test(withoutComments(text)))).toEqual([]);
  });

  test('obeys the import table in dynamic imports too, which the linter does not see', () => {
    const table = importTable();
    const wrong = sources.flatMap(({ path, folder, text }) =>
      dynamicImports(text)
        .filter((name) => name.startsWith('#') && table.has(folder) && !allows(table.get(folder)!, name))
        .map((name) => `${path} → ${name}`),
    );
    expect(wrong).toEqual([]);
    expect(sources.flatMap(({ text }) => dynamicImports(text)).length).toBeGreaterThan(10);
  });

  test('has a row of the import table for every folder', () => {
    const folders = [...new Set(sources.map(({ folder }) => folder))].filter((folder) => folder !== '');
    expect(folders.filter((folder) => !importTable().has(folder))).toEqual([]);
  });
});

// Engines run in a thread of their own, which is theirs to end: no file and no process is touched by it.
function isEngineThread(folder: string, name: string): boolean {
  return folder === 'reviewers' && name === 'node:worker_threads';
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

function dynamicImports(text: string): string[] {
  return [...withoutComments(text).matchAll(/(?<!typeof )\bimport\('([^']+)'\)/g)].map(([, name]) => name!);
}

/** Folder → what it may import values from, as the linter's own settings have it: 'domain/**', 'config.ts' … */
function importTable(): Map<string, string[]> {
  const { overrides } = JSON.parse(read('.oxlintrc.json')) as { overrides: { files: string[]; rules: Record<string, unknown> }[] };
  return new Map(overrides.flatMap(({ files, rules }) => {
    const folder = /^src\/(\w+)\/\*\*$/.exec(files[0]!)?.[1];
    const options = rules['no-restricted-imports'] as [string, { patterns: { group: string[] }[] }] | undefined;
    if (folder === undefined || options === undefined) return [];
    const row = options[1].patterns.flatMap(({ group }) => group).filter((glob) => glob.startsWith('!#'));
    return [[folder, row.map((glob) => glob.slice(2))] as const];
  }));
}

function allows(row: readonly string[], name: string): boolean {
  return row.some((glob) => (glob.endsWith('/**') ? name.startsWith(`#${glob.slice(0, -2)}`) : name === `#${glob}`));
}

interface Package {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read('package.json')) as Package;
const locked = (JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Package>> }).packages;

describe('the dependencies', () => {
  test('of Temporal are all of one exact version, in package.json and in the lockfile', () => {
    const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([name]) => name.startsWith('@temporalio/'));
    const installed = Object.entries(locked).filter(([path]) => /node_modules\/@temporalio\/[^/]+$/.test(path)).map(([, { version }]) => version);
    const versions = new Set([...asked.map(([, version]) => version), ...installed]);
    expect([asked.length > 5, installed.length >= asked.length, [...versions]]).toEqual([true, true, [expect.stringMatching(/^\d+\.\d+\.\d+$/)]]);
  });

  test('name protobufjs 8.7.1 or later themselves: without it stored histories cannot be replayed', () => {
    const [major, minor, patch] = manifest.dependencies!['protobufjs']!.split('.').map(Number) as [number, number, number];
    expect(major === 8 && (minor > 7 || (minor === 7 && patch >= 1))).toBe(true);
    expect(locked['node_modules/protobufjs']?.version).toBe(manifest.dependencies!['protobufjs']);
  });

  test('are pinned, every one of them', () => {
    const asked = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(asked).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('are locked without the address of any registry, so that any mirror serves', () => {
    const text = read('package-lock.json');
    expect(text).not.toMatch(/"resolved": *"https?:/);
    expect(text.match(/[\w.-]*(registry|npmjs|artifactory|nexus\.)[\w.-]*\.[a-z]{2,}/gi)).toBeNull();
    expect(read('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
  });

  test('that users receive are under licences that ask for no more than a notice', () => {
    const received = Object.entries(locked).filter(([path, { dev }]) => path !== '' && dev !== true);
    expect(received.length).toBeGreaterThan(100);
    expect(received.map(([path]) => [path, licenceOf(path)] as const).filter(([, licence]) => !isAllowed(licence))).toEqual([]);
  });

  test.each([
    ['MIT', true], ['Apache-2.0 AND MIT', true], ['(MIT OR GPL-3.0)', true], ['(GPL-2.0 OR (MIT AND ISC))', true], ['CC-BY-4.0', true],
    ['GPL-3.0', false], ['MIT AND GPL-2.0', false], ['AGPL-3.0-only', false], ['SEE LICENSE IN file', false], ['', false], ['BUSL-1.1', false], ['CC-BY-NC-4.0', false],
  ])('may be under %j: %s', (licence, allowed) => {
    expect(isAllowed(licence)).toBe(allowed);
  });
});

const allowedLicence = /^(MIT|MIT-0|Apache-2\.0|BSD-[23]-Clause|ISC|MPL-2\.0|BlueOak-1\.0\.0|PSF-2\.0|Unlicense|0BSD|CC0-1\.0|CC-BY-\d\.\d)$/;

// The package's own word where it is installed, else what the lockfile noted of it, else what its licence file begins with.
function licenceOf(path: string): string {
  const file = join(root, path, 'package.json');
  const own = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Package).license : undefined;
  const text = join(root, path, 'LICENSE');
  const unnamed = existsSync(text) && readFileSync(text, 'utf8').startsWith('This is free and unencumbered software released into the public domain.');
  return String(own ?? locked[path]?.license ?? (unnamed ? 'Unlicense' : 'none named'));
}

/** An SPDX expression: one of those joined by OR must be allowed, all of those joined by AND; brackets first. */
function isAllowed(expression: string): boolean {
  const inner = /\(([^()]*)\)/.exec(expression);
  if (inner !== null) return isAllowed(expression.replace(inner[0], isAllowed(inner[1]!) ? 'MIT' : 'none'));
  return expression.split(' OR ').some((part) => part.split(' AND ').every((name) => allowedLicence.test(name.trim())));
}
