import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import { readNamedFile } from '#io/named-files.ts';
import { safeJson } from '#reports/json.ts';
import type { Call, ReadReplyOptions } from './call.ts';
import { loadCallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { oneOf } from './values.ts';

/** Larger than any answer a reviewer takes in. */
const maxReplyBytes = 20_000_000;

/** `koubou evaluate --reply FILE...`: what saved answers say, one JSON object a line; 2 where one of them gave no verdict. */
export async function evaluateReplies(call: Call): Promise<ExitCode> {
  const { arguments: files, program, output } = call;
  if (files.length === 0) throw new AppError('InvalidInput', 'INPUT_INVALID', 'Name the files to read: koubou evaluate --reply FILE..., - for standard input.');
  const options = await optionsOf(call);
  let code: ExitCode = exitCodes.done;
  for (const file of files) {
    const reading = await program.readReply(await textOf(file, call), options);
    output.print(`${safeJson({ file, ...(toSnakeKeys(reading) as object) })}\n`);
    if (reading.outcome !== 'ok') code = exitCodes.nothing;
  }
  return code;
}

async function optionsOf(call: Call): Promise<ReadReplyOptions> {
  const { config } = await loadCallSettings(call);
  const scale = call.flags.text('scale-max');
  const cli = call.flags.text('cli');
  return {
    mode: config.settings.evaluation.mode,
    ...(scale === undefined ? {} : { scaleMax: oneOf('--scale-max', scale, ['10', '100']) === '100' ? 100 : 10 }),
    ...(cli === undefined ? {} : { cli: oneOf('--cli', cli, ['codex', 'claude', 'gemini'] as const) }),
  };
}

async function textOf(file: string, { program }: Call): Promise<string> {
  if (file === '-') return new TextDecoder().decode(await program.readInput(maxReplyBytes));
  return readNamedFile(path.resolve(program.facts.cwd, file), maxReplyBytes);
}
