import { chooseRoot } from '#client/project-root.ts';
import { loadSessionSettings, type SessionSettings } from '#client/session-settings.ts';
import type { Call } from './call.ts';

/** The settings of one call. */
export type CallSettings = SessionSettings;

export interface LoadGiven {
  /** Leaves out the project's koubou.yaml and the file of --config. */
  readonly withoutProject?: boolean;
}

/** Loads what a call's settings say. Warnings go to standard error. Fails as `loadConfig` and `chooseRoot` do. */
export async function loadCallSettings({ program, flags, output }: Call, { withoutProject }: LoadGiven = {}): Promise<CallSettings> {
  const root = chooseRoot(program.facts.cwd, flags.text('root'));
  const settings = await loadSessionSettings({
    cwd: program.facts.cwd,
    environment: program.environment,
    root,
    address: flags.text('address'),
    configFile: flags.text('config'),
    withoutProject,
  });
  for (const warning of settings.config.warnings) output.warn(`koubou: ${warning}`);
  return settings;
}
