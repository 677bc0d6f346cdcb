import { join } from 'node:path';
import { launchFacts, modelSources, processEnvironment } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { ownPackageRoot } from '#io/own-files.ts';
import type { Program } from '#client/cli/call.ts';
import type { McpProcess } from '#mcp/serve.ts';
import type { Writer } from '#client/cli/output.ts';
import type { EngineProbe } from '#client/services/doctor-service.ts';
import { readDaemonArguments } from '#client/services/daemon-arguments.ts';

/** The `koubou` command, started by bin/koubou.js: what the client must not import is handed to it here. */
async function main(argv: readonly string[]): Promise<void> {
  const daemon = readDaemonArguments(argv);
  const isService = daemon !== null || argv.includes('up') || argv.includes('worker') || argv[0] === 'mcp';
  const stdout = quietWhenClosed(process.stdout, (code) => tellLostOutput(code, isService));
  // What cannot be said on standard error cannot be said at all.
  const stderr = quietWhenClosed(process.stderr, () => undefined);
  try {
    const program = createProgram({ stdout, stderr });
    process.exitCode = await (daemon === null ? (await import('#client/cli/run-command-line.ts')).runCommandLine(argv, program) : (await import('#client/cli/run-daemon.ts')).runDaemonLine(daemon, program));
  } catch (error) {
    process.exitCode = await tellEarly(error, argv, { stdout, stderr });
  }
  // Steps in hand that a service or a worker left behind would keep the process alive until they end.
  if (isService || process.exitCode === 130) process.exit();
}

type Streams = Pick<Program, 'stdout' | 'stderr'>;

// Before anything is known of the surroundings: the current folder may be gone.
async function tellEarly(error: unknown, argv: readonly string[], streams: Streams): Promise<number> {
  const [{ createOutput }, { typedSwitch }, { tellError }] = await Promise.all([import('#client/cli/output.ts'), import('#client/cli/parse.ts'), import('#client/cli/tell-error.ts')]);
  const output = createOutput({ ...streams, surroundings: { noColor: true, forceColor: false, isCi: true }, quiet: false, plain: true });
  return tellError(error, { output, json: typedSwitch(argv, 'json'), debug: typedSwitch(argv, 'debug') });
}

const selfCommand: readonly string[] = [process.execPath, join(ownPackageRoot(), 'bin', 'koubou.js')];

function usableModels(environment: Program['environment']): Program['usableModels'] {
  return async (config) => (await import('#reviewers/list-reviewers.ts')).usableModels(modelSources(config, environment), config.settings.reviewers);
}

function createProgram(streams: Streams): Program {
  const facts = launchFacts();
  const environment = processEnvironment(facts.cwd);
  const isNpmStart = environment['npm_lifecycle_event'] === 'start' && environment['npm_package_json'] === join(ownPackageRoot(), 'package.json');
  return {
    facts,
    environment,
    ...streams,
    signals: process,
    readInput,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
    node: { version: process.version, path: process.execPath },
    selfCommand,
    command: isNpmStart ? 'npm start --' : 'koubou',
    workers: async (config, { workspaceRoot, say }) => {
      const [{ workerStarter }, { logWorkers }, { environmentRedactor }] = await Promise.all([import('#worker.ts'), import('#worker-log.ts'), import('#reviewers/providers/secret-values.ts')]);
      const redact = environmentRedactor({ environment, providers: config.settings.llm.providers, addresses: [config.settings.store.url] });
      logWorkers((line) => say(redact(line)));
      return workerStarter(config, { workspaceRoot, environment });
    },
    listReviewers: async (config) => (await import('#reviewers/list-reviewers.ts')).listReviewers(modelSources(config, environment)),
    probeModels: async (config) => (await import('#reviewers/probe-models.ts')).probeModels(modelSources(config, environment)),
    usableModels: usableModels(environment),
    readReply: async (text, options) => (await import('#reviewers/answers/read-answer.ts')).readAnswer(text, options),
    serveMcp: async (wish) => (await import('#mcp/serve.ts')).serveMcp(wish, mcpProcess(facts, environment)),
    probeEngines,
  };
}

// What an MCP server needs of the process; it has standard output for itself.
function mcpProcess(facts: Program['facts'], environment: Program['environment']): McpProcess {
  const { cwd, home } = facts;
  const { stdin, stdout, stderr } = process;
  return { cwd, home, environment, selfCommand, usableModels: usableModels(environment), stdin, stdout, stderr, signals: process };
}

// Whoever reads may stop before we do: `koubou list | head -1`.
function quietWhenClosed(stream: NodeJS.WriteStream, onLost: (code: string) => void): Writer {
  stream.on('error', ({ code = 'unknown cause' }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') onLost(code);
  });
  return stream;
}

let isLost = false;

// A command without its output is of no use; a service goes on serving.
function tellLostOutput(code: string, isService: boolean): void {
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'no space is left there' : code;
  if (!isLost) process.stderr.write(`koubou: standard output cannot be written: ${why}. Send it to another place; what was asked of the service goes on. [OUTPUT_NOT_WRITABLE]\n`);
  isLost = true;
  if (!isService) process.exit(2);
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

async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D is no answer, and none is no.
  const closed = new Promise<string>((resolve) => { terminal.once('close', () => resolve('')); });
  try {
    return /^y(es)?$/i.test((await Promise.race([terminal.question(question), closed])).trim());
  } finally {
    terminal.close();
  }
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
