import { isAbsolute, join } from 'node:path';
import type { Environment } from './settings-environment.ts';

/** Where and how the command was started. */
export interface LaunchFacts {
  /** The folder the user stands in, also through `npm start`. */
  readonly cwd: string;
  readonly noColor: boolean;
  readonly forceColor: boolean;
  readonly isCi: boolean;
  readonly term?: string;
  /** Of the terminal, where a variable tells it. */
  readonly columns?: number;
  readonly home?: string;
  /** PATH. */
  readonly searchPath: string;
  /** A Temporal binary that the user names. */
  readonly temporalBinary?: string;
}

/**
 * What the environment says of the launch.
 *
 * In      cwd          the process's own folder
 *         packageRoot  the folder of this package
 */
export function readLaunchFacts(environment: Environment, { cwd, packageRoot }: { readonly cwd: string; readonly packageRoot: string }): LaunchFacts {
  const { TERM: term, COLUMNS: columns, HOME: home, KOUBOU_TEMPORAL: temporalBinary } = environment;
  return {
    cwd: standsIn(environment, cwd, packageRoot),
    noColor: Boolean(environment['NO_COLOR']) || term === 'dumb',
    forceColor: isOn(environment['FORCE_COLOR']),
    isCi: isOn(environment['CI']),
    ...(term ? { term } : {}),
    ...(/^[1-9]\d{0,4}$/.test(columns ?? '') ? { columns: Number(columns) } : {}),
    ...(home ? { home } : {}),
    searchPath: environment['PATH'] ?? '',
    ...(temporalBinary ? { temporalBinary } : {}),
  };
}

// `npm start` runs in the package's folder and tells the user's own in INIT_CWD; so does every other package's.
function standsIn(environment: Environment, cwd: string, packageRoot: string): string {
  const { INIT_CWD: initial, npm_package_json: manifest, npm_lifecycle_event: event } = environment;
  const isOurs = event === 'start' && manifest === join(packageRoot, 'package.json') && cwd === packageRoot;
  return isOurs && initial !== undefined && isAbsolute(initial) ? initial : cwd;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}
