import type { CheckRun } from '#domain/check.ts';
import { modelSources, type LoadedConfig } from '#config.ts';
import { runCheck, type CheckJob, type CheckPlace } from '#io/checks/run-check.ts';
import type { Check } from '#wire/settings-shape.ts';
import { findCheck } from './find-checks.ts';

/** The user's own checks, as a worker finds and runs them. */
export interface Checks {
  /** In      root: absolute, of the reviewed file. Fails   as `findCheck` */
  find(name: string, root: string): Promise<Check>;
  /** Fails   as `runCheck` */
  run(job: CheckJob): Promise<CheckRun>;
  /** Hides secrets of the worker that a project's output may hold. */
  hide(text: string): string;
}

export interface CheckParts extends Pick<CheckPlace, 'jails' | 'jailTools'> {
  readonly config: LoadedConfig;
  /** Of the worker. */
  readonly environment: Readonly<Record<string, string>>;
  readonly hide: (text: string) => string;
}

export function workerChecks({ config, hide, ...place }: CheckParts): Checks {
  const { settings, places } = config;
  // Folders of agents' runs: what a killed worker leaves there is swept when the next one starts.
  const { scratchRoot } = modelSources(config, place.environment);
  const runs: CheckPlace = { ...place, scratchRoot, hidden: [places.stateDir, places.cacheDir], rules: { forbidden: settings.save.forbidden } };
  return {
    find: (name, root) => findCheck(name, { config, root }),
    run: (job) => runCheck(job, runs),
    hide,
  };
}
