import { resolve } from 'node:path';
import { loadConfig, settingsFingerprint, type LoadedConfig } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { ownVersion } from '#io/own-files.ts';
import { allQueues, limitedQueues } from '#workflows/messages.ts';
import { daemonLine, type DaemonArguments } from '#client/services/daemon-arguments.ts';
import { exportLine } from '#client/services/service-text.ts';
import { runUp, type UpOptions } from '#client/services/up.ts';
import { drainGraceMs } from '#client/session.ts';
import type { Call, Program } from './call.ts';
import { loadCallSettings, type CallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { ensureCallService } from './session.ts';

/** `koubou up`: runs the local service in the foreground until Ctrl-C; with --detach, returns as soon as it answers. */
export async function up(call: Call): Promise<ExitCode> {
  const { flags, program, output } = call;
  const settings = await loadCallSettings(call);
  const { config, environment, external } = settings;
  if (external !== undefined) {
    throw new AppError('InvalidInput', 'INPUT_INVALID', `\`koubou up\` starts the service of this machine, and ${external.named} names another one, ${external.address}. Unset it, or run \`koubou worker\` for that service.`);
  }
  const given = flags.text('root');
  const root = resolve(program.facts.cwd, given ?? '.');
  if (flags.has('detach')) return detach(call, settings, given === undefined ? {} : { root });
  const service: ServiceOptions = { config, environment, root, auto: false, print: (line) => output.print(`${line}\n`), say: (line) => output.say(line) };
  return (await runUp(await upOptions(program, service))) as ExitCode;
}

async function detach(call: Call, settings: CallSettings, given: { readonly root?: string }): Promise<ExitCode> {
  const { output, flags } = call;
  const { address, namespace, uiUrl, pid, startedNow } = await ensureCallService(call, settings, { auto: false, ...given });
  if (flags.has('json')) output.json({ address, namespace, ui_url: uiUrl, pid, started_now: startedNow });
  else output.print(`Koubou is ${startedNow ? '' : 'already '}up.\n  Temporal  ${address}\n  Web UI    ${uiUrl ?? ''}\n${exportLine({ address })}\n`);
  return exitCodes.done;
}

/** What a detached service runs: the same without a terminal; what it says is passed on to whoever started it. */
export async function runDaemon(program: Program, { root, auto }: DaemonArguments): Promise<number> {
  const { environment, facts, stdout, stderr } = program;
  const config = await loadConfig({ cwd: facts.cwd, env: environment });
  const service: ServiceOptions = {
    config, environment, root, auto,
    print: (line) => void stdout.write(`${line}\n`),
    say: (line) => void stderr.write(`${daemonLine(line)}\n`),
  };
  return runUp(await upOptions(program, service));
}

interface ServiceOptions {
  readonly config: LoadedConfig;
  readonly environment: Readonly<Record<string, string>>;
  readonly root: string;
  readonly auto: boolean;
  readonly print: (line: string) => void;
  readonly say: (line: string) => void;
}

async function upOptions(program: Program, { config, environment, root, auto, print, say }: ServiceOptions): Promise<UpOptions> {
  const { places, settings } = config;
  const { searchPath, temporalBinary } = program.facts;
  return {
    stateDir: places.stateDir,
    identity: { version: ownVersion(), fingerprint: settingsFingerprint(config), root, auto },
    locate: async (progress, signal) => {
      const { locateTemporal } = await import('#client/services/temporal-binary/locate.ts');
      return locateTemporal({ configured: temporalBinary, cacheDir: places.cacheDir, searchPath, environment, progress, signal });
    },
    startWorkers: await program.workers(config, { workspaceRoot: root, say }),
    queues: allQueues(settings.temporal.taskQueue, limitedQueues(settings.llm.providers)),
    graceMs: drainGraceMs,
    idleExitMs: settings.workers.idleExitMs,
    environment,
    print,
    say,
  };
}
