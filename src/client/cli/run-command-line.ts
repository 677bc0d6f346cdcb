import type { Program, RunCommand } from './call.ts';
import type { CommandName } from './command-table.ts';
import { createOutput, type Output } from './output.ts';
import { parseCommandLine, typedSwitch } from './parse.ts';
import { tellError } from './tell-error.ts';

/** Each command with all it needs is loaded only when it is called. */
const commands: Readonly<Record<CommandName, () => Promise<RunCommand>>> = {
  review: async () => (await import('./review.ts')).review,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  status: async () => (await import('./status.ts')).status,
  list: async () => (await import('./list.ts')).list,
  wait: async () => (await import('./wait.ts')).wait,
  result: async () => (await import('./result.ts')).result,
  apply: async () => (await import('./apply.ts')).apply,
  cancel: async () => (await import('./cancel.ts')).cancel,
  parked: async () => (await import('./parked.ts')).parked,
  retry: async () => (await import('./retry.ts')).retry,
  decide: async () => (await import('./decide.ts')).decide,
  up: async () => (await import('./up.ts')).up,
  down: async () => (await import('./down.ts')).down,
  worker: async () => (await import('./worker.ts')).worker,
  mcp: async () => (await import('./mcp.ts')).mcp,
  doctor: async () => (await import('./doctor.ts')).doctor,
  reviewers: async () => (await import('./reviewers.ts')).reviewers,
  trust: async () => (await import('./trust.ts')).trust,
  config: async () => (await import('./config.ts')).config,
  completion: async () => (await import('./completion.ts')).completion,
};

/** Runs one command line; errors end here. Out: the exit code (exit-code.ts). */
export async function runCommandLine(argv: readonly string[], program: Program): Promise<number> {
  const output = outputOf(argv, program);
  try {
    const { name, flags, arguments: words } = parseCommandLine(argv);
    const run = await commands[name]();
    return await run({ program, output, flags, arguments: words });
  } catch (error) {
    return tellError(error, { output, json: typedSwitch(argv, 'json'), debug: typedSwitch(argv, 'debug') });
  } finally {
    output.redraw('');
  }
}

// Before the words are understood, so that a mistake among them is told in the form that was asked for.
function outputOf(argv: readonly string[], { stdout, stderr, facts }: Program): Output {
  return createOutput({ stdout, stderr, surroundings: facts, quiet: typedSwitch(argv, 'quiet'), plain: typedSwitch(argv, 'no-color') });
}
