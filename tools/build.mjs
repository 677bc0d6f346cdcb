// Builds dist/ for the published package (`prepack`) and removes it again (`postpack --clean`), since Node refuses .ts under
// node_modules. A checkout runs its sources and never needs this.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src');
const dist = join(root, 'dist');
// Modules that are started by their file; everything else is reached from main by import. src/io/own-files.ts finds them.
const entries = ['main', 'reviewers/engines/thread'];
const workflows = join(source, 'workflows/index.ts');

async function main(option) {
  rmSync(dist, { recursive: true, force: true });
  if (option === '--clean') return;
  const packages = await loadBuildTools();
  // Everything is built in memory first: whatever fails or is interrupted before the end leaves no dist/ that could be run.
  const workflowBundle = await bundleWorkflows(packages);
  const hashes = { sources: hashSources(), workflows: hash(workflowBundle) };
  const files = [...(await bundleProgram(packages)), ['workflow-bundle.js', workflowBundle], ['build.json', `${JSON.stringify(hashes)}\n`]];
  for (const [name, content] of files) {
    mkdirSync(dirname(join(dist, name)), { recursive: true });
    writeFileSync(join(dist, name), content);
  }
  process.stderr.write(`koubou: built ${files.length} files in dist\n`);
}

async function loadBuildTools() {
  try {
    const [esbuild, worker] = await Promise.all([import('esbuild'), import('@temporalio/worker')]);
    return { build: esbuild.build, bundleWorkflowCode: worker.bundleWorkflowCode, silent: new worker.DefaultLogger('ERROR') };
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write('koubou: the build needs the development dependencies. Run `node tools/setup.mjs --development`, then the same command again.\n');
    process.exit(1);
  }
}

async function bundleProgram({ build }) {
  const result = await build({
    entryPoints: entries.map((name) => join(source, `${name}.ts`)).filter((path) => existsSync(path)),
    outdir: dist,
    outbase: source,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    packages: 'external',
    plugins: [ownFolders],
    logLevel: 'warning',
    write: false,
  });
  return result.outputFiles.map((file) => [relative(dist, file.path), file.contents]);
}

// "#folder/file.ts" is an import of this package by itself, not of another one.
const ownFolders = {
  name: 'own-folders',
  setup: (build) => build.onResolve({ filter: /^#/ }, ({ path }) => ({ path: join(source, path.slice(1)) })),
};

// Bundling here saves every worker of the installed package a second at its start. It must be the same SDK version that runs it.
async function bundleWorkflows({ bundleWorkflowCode, silent }) {
  const { code } = await bundleWorkflowCode({ workflowsPath: workflows, logger: silent });
  return code;
}

function hashSources() {
  const files = ['package.json', ...filesBelow('src'), ...filesBelow('prompts')];
  return hash(files.map((file) => `${file}\0${readFileSync(join(root, file), 'utf8')}`).join('\0'));
}

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  const entriesFound = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entriesFound.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
}

function hash(content) {
  return createHash('sha256').update(content).digest('hex');
}

await main(process.argv[2]);
