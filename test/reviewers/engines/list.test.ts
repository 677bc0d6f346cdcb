import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isJudged, languages } from '#domain/artifact.ts';
import { engines } from '#reviewers/engines/list.ts';

const packages: Readonly<Record<string, string>> = {
  secretlint: '@secretlint/core',
  ruff: '@astral-sh/ruff-wasm-nodejs',
  markdownlint: 'markdownlint',
  yaml: 'yaml',
  toml: 'smol-toml',
  biome: '@biomejs/wasm-nodejs',
  typescript: 'typescript',
};

function installedVersion(name: string): string {
  const manifest = JSON.parse(readFileSync(new URL(`../../../node_modules/${name}/package.json`, import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

describe('the list of engines', () => {
  test('names the versions that are installed', () => {
    const known = engines.filter(({ id }) => packages[id] !== undefined);
    expect(Object.fromEntries(known.map(({ id, version }) => [id, version]))).toEqual(Object.fromEntries(known.map(({ id }) => [id, installedVersion(packages[id]!)])));
    expect(engines.map(({ id }) => id).filter((id) => packages[id] === undefined)).toEqual(['metrics']);
  });

  test('has a parser for exactly the languages that a folder is searched for', () => {
    const parsed = languages.filter((language) => engines.some(({ judges }) => judges[language]?.includes('syntax')));
    expect(parsed).toEqual(languages.filter(isJudged));
  });

  test('looks for secrets in every language', () => {
    expect(languages.filter((language) => !engines.some(({ id, judges }) => id === 'secretlint' && judges[language] !== undefined))).toEqual([]);
  });

  test('loads nothing until it is asked to', () => {
    expect(engines.every(({ load }) => typeof load === 'function')).toBe(true);
  });
});
