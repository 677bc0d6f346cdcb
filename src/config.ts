import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { projectFileName, readProjectFile, trustOf, type Trust } from '#client/trust.ts';
import { AppError } from '#domain/errors.ts';
import { readNamedFile } from '#io/named-files.ts';
import { ownPackageRoot } from '#io/own-files.ts';
import type { ProviderSources } from '#reviewers/providers/create-providers.ts';
import { readTextIfPresent } from '#io/state-files.ts';
import { readLaunchFacts, type LaunchFacts } from '#wire/launch-facts.ts';
import { readEnvironment, type Environment } from '#wire/settings-environment.ts';
import { readEvaluation } from '#wire/settings-evaluation.ts';
import { flatten, unflatten, type FlatSettings } from '#wire/settings-keys.ts';
import { layerOf, narrow, overlay, type Layer, type Origin } from '#wire/settings-layers.ts';
import { placesOf, type Places } from '#wire/settings-places.ts';
import { settingsError } from '#wire/settings-problems.ts';
import { fingerprint, hashProviders, serviceEnvironment as environmentFor } from '#wire/settings-service.ts';
import { defaultSettings, toSettings, type Settings } from '#wire/settings-shape.ts';
import { namesTemporalFile, temporalEnvironment } from '#wire/settings-temporal.ts';
import { settingsSchema } from '#wire/settings.ts';

export type { LaunchFacts, Layer, Places, Settings };

export interface ConfigOptions {
  /** Absolute; relative paths begin here. */
  readonly cwd: string;
  /** The process's own by default. */
  readonly env?: Environment;
  /** Settings given on the command line by dotted key: { 'temporal.address': '…' }. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Read instead of the project's file. A person named it, so it is trusted. */
  readonly configFile?: string;
  /** Absolute; its koubou.yaml is read where there is one. */
  readonly projectRoot?: string;
  /** Leaves out the user's own file. */
  readonly withoutUser?: boolean;
}

export interface LoadedConfig {
  readonly settings: Settings;
  /** Every key that has a value, by dotted name, with where it came from. */
  readonly layer: Layer;
  /** The same for a service, which serves other projects too: the checks of this project's file are left out. */
  readonly serviceLayer: Layer;
  readonly warnings: readonly string[];
  readonly places: Places;
  /** The file of --config, else the project's koubou.yaml; absent where none was read. */
  readonly projectFile?: string;
  /** TEMPORAL_* for @temporalio/envconfig, those of the settings included. Holds secrets. */
  readonly temporalEnv: Readonly<Record<string, string>>;
  /** The variables that workers hand on to providers, as hashes by name. */
  readonly providerHashes: Readonly<Record<string, string>>;
}

/**
 * Reads every source of settings: defaults < user file < project file or --config < environment < flags.
 *
 * Fails   Misconfigured CONFIG_* with file, line and what is allowed · InvalidInput FILE_NOT_FOUND (--config),
 *         PATH_SYMLINK and its kin where the project's koubou.yaml is no plain file
 */
export async function loadConfig(options: ConfigOptions): Promise<LoadedConfig> {
  const environment = options.env ?? process.env;
  const places = placesOf(environment, { cwd: options.cwd, home: homedir() });
  const user = options.withoutUser === true ? new Map() : await readUserFile(places);
  const project = await readProject(options, places, user);
  const variables = readEnvironment(environment);
  const temporalFile = await readTemporalFile(environment);
  const flags = layerOf(readFlags(options.flags ?? {}), 'flag');
  const { evaluation, layer: evaluationLayer } = readEvaluation(environment);
  const defaults = layerOf(defaultSettings(places.stateDir), 'default');
  const over = (ofProject: Layer): Layer => overlay(user, ofProject, temporalFile, variables.layer, flags);
  const set = over(project.layer);
  const layer = overlay(defaults, set, evaluationLayer);
  const values: FlatSettings = new Map([...layer].map(([key, { value }]) => [key, value]));
  return {
    settings: toSettings(values, (key) => set.has(key), evaluation),
    layer,
    serviceLayer: overlay(defaults, over(withoutOwnChecks(project.layer)), evaluationLayer),
    warnings: [...project.warnings, ...variables.warnings],
    places,
    ...(project.file === undefined ? {} : { projectFile: project.file }),
    temporalEnv: temporalEnvironment(environment, layer),
    providerHashes: hashProviders(environment, values),
  };
}

/** One hash over all that resident workers were started with: where it differs, they are restarted. */
export function settingsFingerprint({ serviceLayer, providerHashes }: LoadedConfig): string {
  return fingerprint(serviceLayer, providerHashes);
}

/** The environment for a service that this command starts: with it, `loadConfig` without a project gives the same fingerprint. */
export function serviceEnvironment({ serviceLayer }: LoadedConfig, environment: Environment = process.env): Record<string, string> {
  return environmentFor(environment, serviceLayer);
}

/** An exact copy of this process's environment, KOUBOU_HOME absolute: a service that stands elsewhere means the same folder. */
export function processEnvironment(cwd: string): Record<string, string> {
  const copy = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return copy['KOUBOU_HOME'] ? { ...copy, KOUBOU_HOME: resolve(cwd, copy['KOUBOU_HOME']) } : copy;
}

/** What models are made from: the settings, and the environment with their keys. */
export function modelSources({ settings, places }: LoadedConfig, environment: Environment): ProviderSources {
  return { settings: settings.llm, environment, scratchRoot: join(places.stateDir, 'agents'), useMock: settings.evaluation.useMock };
}

/** Where and how this command was started. */
export function launchFacts(environment: Environment = process.env, cwd: string = currentFolder()): LaunchFacts {
  return readLaunchFacts(environment, { cwd, packageRoot: ownPackageRoot() });
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new AppError('InvalidInput', 'CURRENT_FOLDER_GONE', 'The folder you stand in does not exist any more. Go to another one and call the command again.', { cause });
  }
}

async function readUserFile({ userFile }: Places): Promise<Layer> {
  const text = readTextIfPresent(userFile);
  return text === null ? new Map() : readLayer(text, userFile, 'user file');
}

interface ProjectSettings {
  readonly file?: string;
  readonly layer: Layer;
  readonly warnings: readonly string[];
}

const maxNamedBytes = 256 * 1024;

async function readProject({ cwd, configFile, projectRoot }: ConfigOptions, places: Places, user: Layer): Promise<ProjectSettings> {
  if (configFile !== undefined) {
    const file = resolve(cwd, configFile);
    return { file, layer: await readLayer(readNamedFile(file, maxNamedBytes), configFile, 'file of --config'), warnings: [] };
  }
  const found = projectRoot === undefined ? null : readProjectFile(projectRoot);
  if (found === null || projectRoot === undefined) return { layer: new Map(), warnings: [] };
  const layer = await readLayer(found.text, projectFileName, 'project file');
  const trust = trustOf(places.stateDir, projectRoot, found.sha256);
  const file = join(projectRoot, projectFileName);
  return trust === 'trusted' ? { file, layer, warnings: [] } : { file, ...narrowProject(layer, user, { trust, projectRoot }) };
}

// Whoever serves a run reads them from the project itself, for that project alone.
function withoutOwnChecks(project: Layer): Layer {
  return new Map([...project].filter(([key, { origin }]) => key !== 'checks' || origin !== 'project file'));
}

function narrowProject(project: Layer, user: Layer, { trust, projectRoot }: { readonly trust: Trust; readonly projectRoot: string }): ProjectSettings {
  const { layer, dropped, capped } = narrow(project, user);
  const since = trust === 'changed' ? ', changed since it was trusted,' : '';
  const warnings = [
    ...(dropped.length === 0 ? [] : [`The project's ${projectFileName}${since} sets ${dropped.join(', ')}: that counts only after \`koubou trust ${quoted(projectRoot)}\`.`]),
    ...(capped.length === 0 ? [] : [`The project's ${projectFileName} asks for more than your own settings allow (${capped.join(', ')}): yours count.`]),
  ];
  return { layer, warnings };
}

// The parser is loaded only where there is a file: it costs 50 ms.
async function readLayer(text: string, name: string, origin: Origin): Promise<Layer> {
  const { readSettingsText } = await import('#wire/settings-yaml.ts');
  return layerOf(flatten(readSettingsText(text, name)), origin);
}

// Temporal's own rules for temporal.toml; without either variable no such file is looked for.
async function readTemporalFile(environment: Environment): Promise<Layer> {
  const variable = namesTemporalFile(environment);
  if (variable === null) return new Map();
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: temporalEnvironment(environment, new Map()) });
    const found = [['temporal.address', connectionOptions.address], ['temporal.namespace', namespace]] as const;
    return layerOf(new Map(found.filter(([, value]) => value !== undefined)), `environment ${variable}`);
  } catch (cause) {
    throw new AppError('Misconfigured', 'CONFIG_INVALID', `${variable} leads to no readable profile of a temporal.toml. Correct it or remove the variable.`, { cause });
  }
}

function readFlags(flags: Readonly<Record<string, unknown>>): FlatSettings {
  const read = settingsSchema.safeParse(unflatten(new Map(Object.entries(flags))));
  if (!read.success) throw settingsError(read.error.issues, { name: 'The command line' });
  return flatten(read.data);
}

// As a shell takes it.
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

