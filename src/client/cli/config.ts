import { join } from 'node:path';
import { chooseRoot } from '#client/project-root.ts';
import { AppError } from '#domain/errors.ts';
import { kindOfPath, writeNamedFile } from '#io/named-files.ts';
import { safeJson } from '#reports/json.ts';
import { showSettings } from '#wire/settings-show.ts';
import type { Call } from './call.ts';
import { loadCallSettings } from './call-settings.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { table } from './table.ts';
import { oneOf } from './values.ts';

/** `koubou config show|schema|init`. */
export async function config(call: Call): Promise<ExitCode> {
  const what = oneOf('koubou config', call.arguments[0] ?? '', ['show', 'schema', 'init']);
  await { show, schema, init }[what](call);
  return exitCodes.done;
}

async function show(call: Call): Promise<void> {
  const { output, flags } = call;
  const { config: loaded } = await loadCallSettings(call);
  const settings = showSettings(loaded.layer);
  if (flags.has('json')) return output.json({ schema: 'koubou.settings/1', settings, files: { user: loaded.places.userFile, project: loaded.projectFile ?? null }, places: { state: loaded.places.stateDir, cache: loaded.places.cacheDir } });
  output.print(table(['SETTING', 'VALUE', 'FROM'], settings.map(({ key, value, origin }) => [key, value === null ? '(the program decides)' : shown(value), origin])));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : safeJson(value);
}

async function schema({ output }: Call): Promise<void> {
  const { jsonSchemaText } = await import('#wire/json-schemas.ts');
  output.print(jsonSchemaText('koubou.schema.json'));
}

// Where the settings of a project are looked for, wherever in it the user stands.
async function init({ output, program }: Call): Promise<void> {
  const { settingsTemplate } = await import('#wire/settings-template.ts');
  const { root } = chooseRoot(program.facts.cwd, undefined);
  const file = join(root, 'koubou.yaml');
  if (kindOfPath(file) !== null) throw new AppError('InvalidInput', 'OUTPUT_EXISTS', `There is ${file} already; it is left as it is.`);
  writeNamedFile(file, settingsTemplate);
  output.say(`Wrote ${file}.`);
}
