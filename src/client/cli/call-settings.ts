import { loadConfig, serviceEnvironment, type LoadedConfig } from '#config.ts';
import type { Call } from './call.ts';
import { isOwnAddress } from './own-address.ts';
import { chooseRoot, type Root } from './paths.ts';

/** A service that was named: used as it is, never started or ended. */
export interface NamedService {
  readonly address: string;
  readonly namespace: string;
  /** By whom: '--address', 'TEMPORAL_ADDRESS', 'the user file'. */
  readonly named: string;
}

/** The settings of one call. */
export interface CallSettings {
  readonly root: Root;
  readonly config: LoadedConfig;
  /** For a service that this call starts: with it, the service sees the same settings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly external?: NamedService;
}

export interface LoadGiven {
  /** Leaves out the project's koubou.yaml and the file of --config. */
  readonly withoutProject?: boolean;
}

/** Loads what a call's settings say. Warnings go to standard error. Fails as `loadConfig` and `chooseRoot` do. */
export async function loadCallSettings(call: Call, given: LoadGiven = {}): Promise<CallSettings> {
  const root = chooseRoot(call.program.facts.cwd, call.flags.text('root'));
  const loaded = await load(call, root, { environment: call.program.environment, ...given });
  const external = namedService(loaded.config);
  // `up` prints TEMPORAL_ADDRESS for the plain `temporal` command: it means our own service and names no other one.
  const isOwn = external?.named === 'TEMPORAL_ADDRESS' && isOwnAddress(loaded.config.places.stateDir, external.address);
  const settings = isOwn ? await load(call, root, { environment: without(call.program.environment, 'TEMPORAL_ADDRESS'), ...given }) : { ...loaded, ...(external === undefined ? {} : { external }) };
  for (const warning of settings.config.warnings) call.output.warn(`koubou: ${warning}`);
  return settings;
}

async function load({ program, flags }: Call, root: Root, { environment, withoutProject = false }: LoadGiven & Pick<CallSettings, 'environment'>): Promise<CallSettings> {
  const address = flags.text('address');
  const configFile = flags.text('config');
  const config = await loadConfig({
    cwd: program.facts.cwd,
    env: environment,
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
