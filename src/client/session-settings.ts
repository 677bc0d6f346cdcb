import { loadConfig, serviceEnvironment, type LoadedConfig } from '#config.ts';
import { isOwnAddress } from './own-address.ts';
import type { Root } from './project-root.ts';

/** A service that was named: used as it is, never started or ended. */
export interface NamedService {
  readonly address: string;
  readonly namespace: string;
  /** By whom: '--address', 'TEMPORAL_ADDRESS', 'the user file'. */
  readonly named: string;
}

/** The settings that a call works with. */
export interface SessionSettings {
  readonly root: Root;
  readonly config: LoadedConfig;
  /** For a service that is started with them: with it, the service sees the same settings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly external?: NamedService;
}

export interface SettingsSources {
  /** Absolute; relative names begin here. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly root: Root;
  /** What --address says. */
  readonly address?: string | undefined;
  /** What --config says. */
  readonly configFile?: string | undefined;
  /** Leaves out the project's koubou.yaml and the file of --config. */
  readonly withoutProject?: boolean | undefined;
  /** Leaves out the user's own file. */
  readonly withoutUser?: boolean | undefined;
}

/** Loads the settings of user, project, environment and flags, and whose service they name. Fails as `loadConfig` does. */
export async function loadSessionSettings(sources: SettingsSources): Promise<SessionSettings> {
  const loaded = await load(sources);
  const external = namedService(loaded.config);
  // `up` prints TEMPORAL_ADDRESS for the plain `temporal` command: it means our own service and names no other one.
  const isOwn = external?.named === 'TEMPORAL_ADDRESS' && isOwnAddress(loaded.config.places.stateDir, external.address);
  if (isOwn) return load({ ...sources, environment: without(sources.environment, 'TEMPORAL_ADDRESS') });
  return { ...loaded, ...(external === undefined ? {} : { external }) };
}

async function load({ cwd, environment, root, address, configFile, withoutProject = false, withoutUser = false }: SettingsSources): Promise<SessionSettings> {
  const config = await loadConfig({
    cwd,
    env: environment,
    withoutUser,
    ...(withoutProject ? {} : { projectRoot: root.root }),
    ...(address === undefined ? {} : { flags: { 'temporal.address': address } }),
    ...(configFile === undefined || withoutProject ? {} : { configFile }),
  });
  return { root, config, environment: serviceEnvironment(config, environment) };
}

function namedService({ settings, layer }: LoadedConfig): NamedService | undefined {
  const { address, namespace } = settings.temporal;
  if (address === undefined) return undefined;
  const origin = layer.get('temporal.address')?.origin ?? 'flag';
  if (origin === 'flag') return { address, namespace, named: '--address' };
  return { address, namespace, named: origin.startsWith('environment ') ? origin.slice('environment '.length) : `the ${origin}` };
}

function without(environment: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([variable]) => variable !== name));
}
