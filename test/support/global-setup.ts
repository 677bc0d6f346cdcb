import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { startServer } from '#client/services/server.ts';
import { testEnvironment, testTemporal } from './temporal.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the one server of the suite; use task queues of your own on it. */
    temporalAddress: string;
    temporalNamespace: string;
    /** The Temporal command, for tests that start a server themselves. */
    temporalPath: string;
    /** For `Worker.create({ workflowBundle: { codePath } })`. */
    workflowBundlePath: string;
  }
}

/** Starts the suite's server with the flags of the product and bundles the workflows once; ends the server by its pid. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'koubou-suite-'));
  const temporalPath = await testTemporal();
  const server = await startServer({
    temporalPath,
    namespace: 'default',
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    folder,
    environment: testEnvironment(),
    ports: { grpc: 12_000 + (process.pid % 4_000), ui: 16_000 + (process.pid % 4_000) },
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const teardown = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    project.provide('temporalAddress', server.address);
    project.provide('temporalNamespace', server.namespace);
    project.provide('temporalPath', temporalPath);
    project.provide('workflowBundlePath', await bundleWorkflows(folder));
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

async function bundleWorkflows(folder: string): Promise<string> {
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: silent });
  const file = join(folder, 'workflow-bundle.js');
  writeFileSync(file, code);
  return file;
}

const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
