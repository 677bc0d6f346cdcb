import { resolve } from 'node:path';
import { loadConfig } from '#config.ts';
import { trustProject } from '#client/trust.ts';
import { visible } from '#reports/visible.ts';
import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';

/** `koubou trust DIR`: lets the folder's koubou.yaml, exactly as it is now, name commands, places and services. */
export async function trust(call: Call): Promise<ExitCode> {
  const { program, output, flags, arguments: [directory = '.'] } = call;
  // Without the project, whose settings are what is to be trusted.
  const { places } = await loadConfig({ cwd: program.facts.cwd, env: program.environment });
  const trusted = await trustProject(places.stateDir, resolve(program.facts.cwd, directory));
  if (flags.has('json')) output.json({ schema: 'koubou.trust/1', ...trusted });
  else {
    const granted = trusted.granted.length === 0 ? 'It sets nothing that needs trust.' : `It may set: ${trusted.granted.join(', ')}.`;
    output.print(`Trusted ${visible(trusted.directory)}/koubou.yaml as it is now. ${granted}\nWhen the file changes, you are asked again.\n`);
  }
  return exitCodes.done;
}
