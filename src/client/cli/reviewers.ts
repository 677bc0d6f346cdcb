import { toSnakeKeys } from '#domain/json-keys.ts';
import type { Call } from './call.ts';
import { loadCallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { table } from './table.ts';

/** `koubou reviewers`: the reviewers and improvers there are, with what each can judge. */
export async function reviewers(call: Call): Promise<ExitCode> {
  const { program, output, flags } = call;
  const { config } = await loadCallSettings(call);
  const facts = await program.listReviewers(config);
  if (flags.has('json')) output.json({ schema: 'koubou.reviewers/1', reviewers: facts.map((fact) => toSnakeKeys(fact)) });
  else output.print(table(['ID', 'ROLE', 'ASKS A MODEL', 'LANGUAGES', 'VERSION'], facts.map(({ id, role, asksModel, languages, version, problem }) => [id, role, asksModel ? 'yes' : 'no', languages.join(', '), problem ?? version])));
  return exitCodes.done;
}
