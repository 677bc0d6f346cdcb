import type { Environment } from './settings-environment.ts';
import type { Layer } from './settings-layers.ts';

/**
 * The variables that Temporal's own client configuration reads, with the settings' word where it goes before them:
 * file < TEMPORAL_… < KOUBOU_TEMPORAL_… < flag.
 */
export function temporalEnvironment(environment: Environment, layer: Layer): Record<string, string> {
  const variables = Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[0].startsWith('TEMPORAL_') && Boolean(entry[1])));
  for (const [key, { value, origin }] of layer) {
    if (!key.startsWith('temporal.') || key === 'temporal.task_queue' || origin === 'default') continue;
    const variable = key.replace('.', '_').toUpperCase();
    const isFromFile = origin === 'user file' || origin === 'project file' || origin === 'file of --config';
    if (!isFromFile || variables[variable] === undefined) variables[variable] = String(value);
  }
  return variables;
}

/** Whether a variable names a temporal.toml or a profile in it, which then has to be asked for address and namespace. */
export function namesTemporalFile(environment: Environment): 'TEMPORAL_CONFIG_FILE' | 'TEMPORAL_PROFILE' | null {
  if (environment['TEMPORAL_CONFIG_FILE']) return 'TEMPORAL_CONFIG_FILE';
  return environment['TEMPORAL_PROFILE'] ? 'TEMPORAL_PROFILE' : null;
}
