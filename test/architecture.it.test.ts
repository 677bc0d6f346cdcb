import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Every cached workflow holds the bundle in memory; 1.6 MB are Temporal's own and their source map. */
const largestBundle = 2_200_000;

interface Bundle {
  readonly bytes: number;
  readonly modules: readonly string[];
}

/** Bundles like a worker does and reads from the source map which modules went in. */
async function bundle(workflowsPath: string): Promise<Bundle> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: silent });
  const [, map] = /sourceMappingURL=data:application\/json;[^,]*base64,([\w+/=]+)/.exec(code) ?? [];
  const { sources } = JSON.parse(Buffer.from(map!, 'base64').toString()) as { sources: string[] };
  return { bytes: Buffer.byteLength(code), modules: sources };
}

/** What must not be replayed: validation, tools of the machine, and every folder but the workflows' own and the domain. */
function strangers(modules: readonly string[]): string[] {
  return modules.filter((module) => /\/node_modules\/(?!@temporalio\/|nexus-rpc\/|long\/|ms\/)/.test(module) || /\/src\/(?!workflows\/|domain\/)\w+\/[\w-]+\.ts$/.test(inProject(module)));
}

function inProject(module: string): string {
  return module.startsWith(join(root, 'src')) ? module.slice(root.length) : '';
}

describe('the workflow bundle', () => {
  test('holds workflows, domain and Temporal, no zod, and stays small', async () => {
    const { bytes, modules } = await bundle(join(root, 'src/workflows/index.ts'));
    expect(modules.filter((module) => inProject(module).startsWith('/src/workflows/')).length).toBeGreaterThan(3);
    expect(modules.filter((module) => module.includes('/zod/'))).toEqual([]);
    expect(strangers(modules)).toEqual([]);
    expect(bytes).toBeLessThan(largestBundle);
  });

  test('would show a module that came along behind another one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'koubou-bundle-'));
    try {
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await writeFile(join(folder, 'index.ts'), "import { word } from './word.ts';\n\nexport async function greet(): Promise<string> {\n  return word.parse('hello');\n}\n");
      await writeFile(join(folder, 'word.ts'), "import { z } from 'zod';\n\nexport const word = z.string();\n");
      const { modules } = await bundle(join(folder, 'index.ts'));
      expect([modules.some((module) => module.includes('/zod/')), strangers(modules).length > 0]).toEqual([true, true]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
