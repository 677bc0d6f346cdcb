import { join } from 'node:path';
import { launchFacts, modelSources, processEnvironment } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { ownPackageRoot } from '#io/own-files.ts';
import type { Program } from '#client/cli/call.ts';
import type { Writer } from '#client/cli/output.ts';
import type { EngineProbe } from '#client/services/doctor-service.ts';
import { readDaemonArguments } from '#client/services/daemon-arguments.ts';

/** The `koubou` command, started by bin/koubou.js: what the client must not import is handed to it here. */
async function main(argv: readonly string[]): Promise<void> {
  const program = createProgram();
  const daemon = readDaemonArguments(argv);
  if (daemon === null) {
    const { runCommandLine } = await import('#client/cli/run-command-line.ts');
    process.exitCode = await runCommandLine(argv, program);
  } else {
    const { runDaemonLine } = await import('#client/cli/run-daemon.ts');
    process.exitCode = await runDaemonLine(daemon, program);
  }
  // Steps in hand that a service or a worker left behind would keep the process alive until they end.
  if (daemon !== null || argv.includes('up') || argv.includes('worker') || process.exitCode === 130) process.exit();
}

function createProgram(): Program {
  const facts = launchFacts();
  const environment = processEnvironment(facts.cwd);
  const isNpmStart = environment['npm_lifecycle_event'] === 'start' && environment['npm_package_json'] === join(ownPackageRoot(), 'package.json');
  return {
    facts,
    environment,
    stdout: quietWhenClosed(process.stdout),
    stderr: quietWhenClosed(process.stderr),
    signals: process,
    readInput,
    node: { version: process.version, path: process.execPath },
    selfCommand: [process.execPath, join(ownPackageRoot(), 'bin', 'koubou.js')],
    command: isNpmStart ? 'npm start --' : 'koubou',
    workers: async (config, { workspaceRoot, say }) => {
      const [{ workerStarter }, { logWorkers }] = await Promise.all([import('#worker.ts'), import('#worker-log.ts')]);
      logWorkers(say);
      return workerStarter(config, { workspaceRoot, environment });
    },
    listReviewers: async (config) => (await import('#reviewers/list-reviewers.ts')).listReviewers(modelSources(config, environment)),
    usableModels: async (config) => (await import('#reviewers/list-reviewers.ts')).usableModels(modelSources(config, environment), config.settings.reviewers),
    readReply: async (text, options) => (await import('#reviewers/answers/read-answer.ts')).readAnswer(text, options),
    probeEngines,
  };
}

// Whoever reads may stop before we do: `koubou list | head -1`.
function quietWhenClosed(stream: NodeJS.WriteStream): Writer {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return stream;
}

async function readInput(maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) throw new AppError('InvalidInput', 'TOO_LARGE', `Standard input has more than ${maxBytes} bytes, which is the most that is reviewed.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function probeEngines(): Promise<EngineProbe[]> {
  const { engines } = await import('#reviewers/engines/list.ts');
  return Promise.all(
    engines.map(async ({ id, version, load }) => {
      try {
        await load();
        return { id, version };
      } catch (error) {
        return { id, version, error: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

await main(process.argv.slice(2));
