import { runDown } from '#client/services/down.ts';
import { drainGraceMs } from '#client/session.ts';
import type { Call } from './call.ts';
import { loadCallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { duration } from './values.ts';

/** `koubou down`: ends the local service; that none runs is no error. */
export async function down(call: Call): Promise<ExitCode> {
  const { flags, output } = call;
  const timeout = flags.text('timeout');
  const graceMs = timeout === undefined ? drainGraceMs : duration('--timeout', timeout);
  const { config } = await loadCallSettings(call);
  const lines: string[] = [];
  const ended = await runDown({ stateDir: config.places.stateDir, graceMs, print: (line) => lines.push(line) });
  if (flags.has('json')) output.json({ schema: 'koubou.down/1', ended, message: lines.join(' ') });
  else output.print(lines.map((line) => `${line}\n`).join(''));
  return exitCodes.done;
}
