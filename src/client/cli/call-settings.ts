import { chooseRoot } from '#client/project-root.ts';
import { loadSessionSettings, type SessionSettings } from '#client/session-settings.ts';
import type { Call } from './call.ts';

/** The settings of one call. */
export type CallSettings = SessionSettings;

export interface LoadGiven {
  /** Leaves out the project's koubou.yaml and the file of --config. */
  readonly withoutProject?: boolean;
  /** Leaves out the user's own file. */
  readonly withoutUser?: boolean;
  /** Leaves out every variable that is a setting. */
  readonly withoutVariables?: boolean;
}

/** Loads what a call's settings say. Warnings go to standard error. Fails as `loadConfig` and `chooseRoot` do. */
export async function loadCallSettings({ program, flags, output }: Call, { withoutProject, withoutUser, withoutVariables = false }: LoadGiven = {}): Promise<CallSettings> {
  const root = chooseRoot(program.facts.cwd, flags.text('root'));
  const settings = await loadSessionSettings({
    cwd: program.facts.cwd,
    environment: withoutVariables ? withoutSettings(program.environment) : program.environment,
    root,
    address: flags.text('address'),
    configFile: flags.text('config'),
    withoutProject,
    withoutUser,
  });
  for (const warning of settings.config.warnings) output.warn(`koubou: ${warning}`);
  return settings;
}

/** Variables of this program that are places and no settings. */
const places = ['KOUBOU_HOME', 'KOUBOU_TEMPORAL'];
/** Those of seed 003 and of Temporal. */
const settingVariable = /^(?:KOUBOU_|TEMPORAL_|EVALUATION_|CODEX_(?:TIMEOUT|SUPPORTS_JSON_FORMAT)$|USE_MOCK_EVALUATOR$|TARGET_SCORE$)/;

function withoutSettings(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => places.includes(name) || !settingVariable.test(name)));
}
