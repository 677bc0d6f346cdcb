import { isAbsolute, join, resolve } from 'node:path';
import type { Environment } from './settings-environment.ts';

export interface Places {
  /** Service database, store, reports; created by whoever writes there. */
  readonly stateDir: string;
  /** Downloads. */
  readonly cacheDir: string;
  readonly configDir: string;
  /** koubou.yaml of the user, whether it exists or not. */
  readonly userFile: string;
}

/**
 * The folders of this program by the XDG rules; KOUBOU_HOME moves state and cache.
 *
 * In      cwd, home  absolute; home is used where HOME is not set
 */
export function placesOf(environment: Environment, { cwd, home }: { readonly cwd: string; readonly home: string }): Places {
  const below = (variable: string, usual: string): string => {
    const named = environment[variable];
    // A relative folder is to be ignored, say the XDG rules.
    return join(named !== undefined && isAbsolute(named) ? named : join(environment['HOME'] || home, usual), 'koubou');
  };
  const own = environment['KOUBOU_HOME'];
  const configDir = below('XDG_CONFIG_HOME', '.config');
  return {
    stateDir: own ? resolve(cwd, own, 'state') : below('XDG_STATE_HOME', '.local/state'),
    cacheDir: own ? resolve(cwd, own, 'cache') : below('XDG_CACHE_HOME', '.cache'),
    configDir,
    userFile: join(configDir, 'koubou.yaml'),
  };
}
