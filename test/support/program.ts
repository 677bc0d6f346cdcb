import { EventEmitter } from 'node:events';
import { launchFacts } from '#config.ts';
import type { Program } from '#client/cli/call.ts';
import { runCommandLine } from '#client/cli/run-command-line.ts';
import { readAnswer } from '#reviewers/answers/read-answer.ts';

export interface InProcess {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface InProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
}

/** Runs a command line in this process, as far as it needs no worker and no service: fast, and with the same output. */
export async function runInProcess(argv: readonly string[], { cwd, env, input = new Uint8Array() }: InProcessOptions): Promise<InProcess> {
  let [stdout, stderr] = ['', ''];
  const unavailable = (): Promise<never> => Promise.reject(new Error('This test has no workers.'));
  const program: Program = {
    facts: launchFacts(env, cwd),
    environment: env,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    signals: new EventEmitter(),
    readInput: () => Promise.resolve(input),
    node: { version: process.version, path: process.execPath },
    selfCommand: ['false'],
    command: 'koubou',
    workers: unavailable,
    listReviewers: () => Promise.resolve([{ id: 'static', role: 'reviewer', version: '1', languages: ['typescript'], asksModel: false }]),
    probeModels: () => Promise.resolve({}),
    usableModels: () => Promise.resolve([]),
    readReply: (text, options) => Promise.resolve(readAnswer(text, options)),
    serveMcp: unavailable,
    probeEngines: () => Promise.resolve([{ id: 'biome', version: '1' }]),
  };
  const code = await runCommandLine(argv, program);
  return { code, stdout, stderr };
}
