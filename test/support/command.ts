import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CommandResult {
  /** Exit code, or the signal that ended it. */
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandResult>;
  /** Resolves with all of it once standard error holds the text. */
  said(text: string): Promise<string>;
  /** The same of standard output. */
  printed(text: string): Promise<string>;
}

export interface CallOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real `koubou` command with a home, a state folder and a project of its own. */
export interface Command {
  /** The project, the folder that commands are run in. */
  readonly project: string;
  readonly home: string;
  write(path: string, text: string): string;
  read(path: string): string;
  start(args: readonly string[], options?: CallOptions): RunningCommand;
  run(args: readonly string[], options?: CallOptions): Promise<CommandResult>;
  /** Runs with --json and reads standard output. */
  json<Shape = Record<string, unknown>>(args: readonly string[], options?: CallOptions): Promise<Shape & { code: CommandResult['code'] }>;
  /** Ends the service that commands started, and removes everything. */
  dispose(): Promise<void>;
}

const launcher = fileURLToPath(new URL('../../bin/koubou.js', import.meta.url));

export function makeCommand(env: Readonly<Record<string, string>>): Command {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'koubou-command-')));
  const [project, home] = [join(base, 'project'), join(base, 'home')];
  for (const folder of [project, home]) mkdirSync(folder);
  const usual = { PATH: process.env['PATH'] ?? '', HOME: home, KOUBOU_HOME: join(home, 'koubou'), LANG: 'C.UTF-8', ...env };
  const start: Command['start'] = (args, { input, cwd = project, env: more = {} } = {}) => {
    const child = spawn(process.execPath, [launcher, ...args], { cwd, env: { ...usual, ...more }, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return watchOutput(child);
  };
  const run: Command['run'] = (args, options) => start(args, options).ended;
  return {
    project,
    home,
    write: (path, text) => {
      const file = join(project, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    read: (path) => readFileSync(join(project, path), 'utf8'),
    start,
    run,
    json: async (args, options) => {
      const { code, stdout, stderr } = await run([...args, '--json'], options);
      try {
        return { ...(JSON.parse(stdout) as object), code } as never;
      } catch {
        throw new Error(`No JSON on standard output (exit ${code}): ${stdout}\n${stderr}`);
      }
    },
    dispose: async () => {
      await run(['down', '--timeout', '1s']);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function watchOutput(child: ChildProcess): RunningCommand {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<CommandResult>((resolve) => {
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
  const holds = (look: () => string) => async (text: string): Promise<string> => {
    while (!look().includes(text)) {
      if (child.exitCode !== null) throw new Error(`It ended without ${JSON.stringify(text)}:\n${stdout}\n${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return look();
  };
  return { child, ended, said: holds(() => stderr), printed: holds(() => stdout) };
}
