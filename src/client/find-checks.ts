import type { LoadedConfig } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { flatten } from '#wire/settings-keys.ts';
import { toChecks, type Check } from '#wire/settings-shape.ts';
import { projectFileName, readProjectFile, trustOf } from './trust.ts';

export interface ProjectChecks {
  /** Of the worker that runs them: its user file, its environment. */
  readonly config: Pick<LoadedConfig, 'serviceLayer' | 'places'>;
  /** Absolute, links resolved: the folder of the reviewed file's project. */
  readonly root: string;
}

/**
 * A named command of the settings, as they are at this moment. Names are looked up in one list: that of the worker's environment
 * where it has one, else that of the project's koubou.yaml where it is trusted exactly as it is, else that of the user file.
 *
 * Fails   Misconfigured CHECK_UNTRUSTED (the project's file names it, and nobody trusts that file), CHECK_UNKNOWN,
 *         CONFIG_INVALID · InvalidInput as `readProjectFile`
 */
export async function findCheck(name: string, place: ProjectChecks): Promise<Check> {
  const { known, untrusted } = await checksOf(place);
  const found = known.find((check) => check.name === name);
  if (found !== undefined) return found;
  if (untrusted.some((check) => check.name === name)) {
    throw new AppError('Misconfigured', 'CHECK_UNTRUSTED', `The check ${name} is a command of the project's own ${projectFileName}, which nobody has trusted as it is now. Read it, then: koubou trust DIR (the project's folder).`);
  }
  const names = known.map((check) => check.name);
  throw new AppError('Misconfigured', 'CHECK_UNKNOWN', `There is no check ${JSON.stringify(name)}; ${names.length === 0 ? `the settings name none. Add it under checks: in your own or in the project's ${projectFileName}.` : `the settings name ${names.join(', ')}.`}`);
}

interface FoundChecks {
  readonly known: readonly Check[];
  readonly untrusted: readonly Check[];
}

async function checksOf({ config, root }: ProjectChecks): Promise<FoundChecks> {
  const setting = config.serviceLayer.get('checks');
  const own = toChecks(setting?.value ?? []);
  if (setting !== undefined && setting.origin !== 'default' && setting.origin !== 'user file') return { known: own, untrusted: [] };
  const file = readProjectFile(root);
  const theirs = file === null ? undefined : await checksIn(file.text);
  if (file === null || theirs === undefined) return { known: own, untrusted: [] };
  return trustOf(config.places.stateDir, root, file.sha256) === 'trusted' ? { known: theirs, untrusted: [] } : { known: own, untrusted: theirs };
}

async function checksIn(text: string): Promise<Check[] | undefined> {
  const { readSettingsText } = await import('#wire/settings-yaml.ts');
  const checks = flatten(readSettingsText(text, projectFileName)).get('checks');
  return checks === undefined ? undefined : toChecks(checks);
}
