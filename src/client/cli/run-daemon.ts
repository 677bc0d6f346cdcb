import { daemonLine, type DaemonArguments } from '#client/services/daemon-arguments.ts';
import { summarizeError } from '#domain/errors.ts';
import { asDiskFull } from '#io/disk.ts';
import type { Program } from './call.ts';
import { exitCodeOfError } from './exit-code.ts';
import { runDaemon } from './up.ts';

/** Becomes the detached service; what it fails with goes to its log, marked for whoever started it. */
export async function runDaemonLine(daemon: DaemonArguments, program: Program): Promise<number> {
  try {
    return await runDaemon(program, daemon);
  } catch (error) {
    const summary = summarizeError(asDiskFull(error));
    program.stderr.write(`${daemonLine(`${summary.message} [${summary.code}]`)}\n`);
    if (summary.kind === 'Bug') program.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    return exitCodeOfError(summary);
  }
}
