import { resolve } from 'node:path';
import { trustProject } from '#client/trust.ts';
import { visible } from '#reports/visible.ts';
import type { Call } from './call.ts';
import { loadCallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';

/** `koubou trust DIR`: lets the folder's koubou.yaml, exactly as it is now, name commands, places and services. */
export async function trust(call: Call): Promise<ExitCode> {
  const { program, output, flags, arguments: [directory = '.'] } = call;
  const { config } = await loadCallSettings(call);
  const trusted = await trustProject(config.places.stateDir, resolve(program.facts.cwd, directory));
  if (flags.has('json')) output.json({ schema: 'koubou.trust/1', ...trusted });
  else {
    const granted = trusted.granted.length === 0 ? 'It sets nothing that needs trust.' : `It may set: ${trusted.granted.join(', ')}.`;
    output.print(`Trusted ${visible(trusted.directory)}/koubou.yaml as it is now. ${granted}\nWhen the file changes, you are asked again.\n`);
  }
  return exitCodes.done;
}
