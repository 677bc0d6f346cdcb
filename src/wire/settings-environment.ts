import { AppError } from '#domain/errors.ts';
import { nearestWord } from './nearest.ts';
import { settingGroups, settingKeys, type SettingKey } from './settings-keys.ts';
import type { Layer, Setting } from './settings-layers.ts';
import { settingsError } from './settings-problems.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of this program that are no settings: the folders, the server binary, a secret, the mark of an agent's processes, and those of the compose file. */
const otherVariables: readonly string[] = [
  'KOUBOU_HOME', 'KOUBOU_TEMPORAL', 'KOUBOU_MCP_TOKEN', 'KOUBOU_AGENT_RUN', 'KOUBOU_WORKSPACE', 'KOUBOU_UID', 'KOUBOU_GID', 'KOUBOU_DB_PASSWORD',
];

/** Temporal's own variables that are settings too; KOUBOU_TEMPORAL_… goes before them. */
const temporalVariables: Readonly<Record<string, string>> = { TEMPORAL_ADDRESS: 'temporal.address', TEMPORAL_NAMESPACE: 'temporal.namespace' };

export interface EnvironmentSettings {
  readonly layer: Layer;
  readonly warnings: readonly string[];
}

/**
 * The settings that variables give: KOUBOU_<GROUP>_<KEY>, lists with commas, tables as JSON. An empty variable is none.
 *
 * Fails   Misconfigured CONFIG_UNKNOWN_KEY, CONFIG_INVALID, CONFIG_ROOT_TOO_WIDE
 */
export function readEnvironment(environment: Environment): EnvironmentSettings {
  const layer = new Map<string, Setting>();
  for (const [variable, key] of Object.entries(temporalVariables)) {
    setFrom(layer, environment, { variable, setting: settingKeys.find((known) => known.key === key)! });
  }
  for (const setting of settingKeys) setFrom(layer, environment, { variable: setting.variable, setting });
  return { layer, warnings: warnUnknown(environment) };
}

function setFrom(layer: Map<string, Setting>, environment: Environment, { variable, setting }: { readonly variable: string; readonly setting: SettingKey }): void {
  const text = environment[variable];
  if (text === undefined || text.trim() === '') return;
  const read = setting.schema.safeParse(readValue(text.trim(), setting.kind));
  if (!read.success) throw settingsError(read.error.issues, { name: variable });
  layer.set(setting.key, { value: read.data, origin: `environment ${variable}` });
}

const words: Readonly<Record<string, boolean>> = { true: true, yes: true, on: true, 1: true, false: false, no: false, off: false, 0: false };

// What cannot be read stays text, so that the schema says what is wanted.
function readValue(text: string, kind: SettingKey['kind']): unknown {
  if (kind === 'number') return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
  if (kind === 'boolean') return words[text.toLowerCase()] ?? text;
  if (kind === 'json' || (kind === 'list' && text.startsWith('['))) return readJson(text);
  if (kind === 'list') return text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== '');
  return text;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// A misspelt setting is an error; what may be a variable of some other program that begins alike is only told.
function warnUnknown(environment: Environment): string[] {
  const known = [...settingKeys.map(({ variable }) => variable), ...otherVariables];
  const unknown = Object.keys(environment).filter((name) => name.startsWith('KOUBOU_') && !known.includes(name) && (environment[name] ?? '') !== '');
  const [wrong] = unknown.filter((name) => groupOf(name) !== undefined);
  if (wrong !== undefined) throw unknownVariable(wrong, known);
  return unknown.map((name) => {
    const meant = nearestWord(name, known);
    return `The variable ${name} is no setting; ${meant === undefined ? 'it is left out. koubou config show tells all there are.' : `did you mean ${meant}?`}`;
  });
}

function groupOf(variable: string): string | undefined {
  return settingGroups.find((group) => `${variable}_`.startsWith(`KOUBOU_${group.toUpperCase()}_`));
}

function unknownVariable(variable: string, known: readonly string[]): AppError {
  const meant = nearestWord(variable, known);
  const group = groupOf(variable);
  const siblings = settingKeys.filter(({ key }) => key === group || key.startsWith(`${group}.`)).map((setting) => setting.variable);
  const hint = meant === undefined ? `Known are ${siblings.join(', ')}.` : `Did you mean ${meant}?`;
  return new AppError('Misconfigured', 'CONFIG_UNKNOWN_KEY', `The variable ${variable} is no setting. ${hint}`);
}
