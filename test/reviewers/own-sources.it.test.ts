import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import { createDefaultRegistry } from '#reviewers/registry.ts';
import { runLoop } from './support/loop.ts';

const root = path.resolve(import.meta.dirname, '../..');
const registry = createDefaultRegistry();
afterAll(() => registry.close());

// All of the examples and every fourth source: the whole would take minutes of every test run.
function sources(): string[] {
  const below = (folder: string): string[] => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  const own = below('src').filter((name) => name.endsWith('.ts')).toSorted();
  return [...own.filter((_, index) => index % 4 === 0), ...below('examples').filter((name) => /\.(?:ts|py|md)$/.test(name)).toSorted()];
}

function parses(name: string, text: string): boolean {
  if (!name.endsWith('.ts')) return true;
  const { diagnostics } = ts.transpileModule(text, { fileName: name, reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ESNext } });
  return diagnostics?.length === 0;
}

describe("the static improver on this repository's own sources and examples", () => {
  test('breaks no file, lowers no score, loses nothing', { timeout: 600_000 }, async () => {
    const harm: string[] = [];
    for (const name of sources()) {
      const steps = await runLoop(registry, name, readFileSync(path.join(root, name), 'utf8'));
      const first = steps[0];
      const last = steps.at(-1)!;
      if (!parses(name, last.text) || last.result.parses === false) harm.push(`${name} no longer parses`);
      if ((last.scorecard.score ?? 0) < (first.scorecard.score ?? 0)) harm.push(`${name} fell from ${first.scorecard.score} to ${last.scorecard.score}`);
      for (const { result } of steps) harm.push(...result.lost.map((part) => `${name} lost ${part}`), ...result.engines.flatMap(({ id, error }) => (error === undefined ? [] : [`${name}: ${id} failed: ${error}`])));
    }
    expect(harm).toEqual([]);
  });
});
