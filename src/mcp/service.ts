import type { LoadedConfig } from '#config.ts';
import type { Root } from '#client/project-root.ts';
import { loadSessionSettings, type SessionSettings } from '#client/session-settings.ts';
import { remember } from './remember.ts';
import type { McpRoot, McpService } from './server-options.ts';
import { createWay } from './way.ts';

export interface McpServiceOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** How this program is called again. */
  readonly selfCommand: readonly string[];
  readonly roots: readonly Root[];
  /** What --address and --config say. */
  readonly address?: string | undefined;
  readonly configFile?: string | undefined;
  /** Ids of the models that can be asked. */
  readonly usableModels: (config: LoadedConfig) => Promise<readonly string[]>;
  readonly log: (line: string) => void;
}

/** People edit their settings while a server runs for days. */
const settingsAgeMs = 2_000;
/** Asking agents whether they are there starts them. */
const modelsAgeMs = 60_000;

/** What all connections of one process share; opens nothing by itself. */
export function createMcpService(options: McpServiceOptions): McpService {
  const load = settingsLoader(options);
  const roots: McpRoot[] = options.roots.map((root) => ({ folder: root.root, settings: remember(settingsAgeMs, () => load(root, false)) }));
  // Without a root there is no project whose settings could count.
  const settings = roots[0]?.settings ?? remember(settingsAgeMs, () => load({ root: options.cwd, because: 'current folder' }, true));
  const usualBy = (read: () => Promise<SessionSettings>): (() => Promise<string>) => remember(modelsAgeMs, async () => (await options.usableModels((await read()).config))[0] ?? 'static');
  const usual = new Map(roots.map((root) => [root, usualBy(root.settings)]));
  const usualAnywhere = usualBy(settings);
  return {
    roots,
    settings,
    usualReviewer: (root) => ((root === undefined ? undefined : usual.get(root)) ?? usualAnywhere)(),
    ...createWay({ ...options, settings }),
  };
}

// A warning is told once, however often the settings are read.
function settingsLoader(options: McpServiceOptions): (root: Root, withoutProject: boolean) => Promise<SessionSettings> {
  const told = new Set<string>();
  return async (root, withoutProject) => {
    const settings = await loadSessionSettings({ ...options, root, withoutProject });
    for (const warning of settings.config.warnings.filter((line) => !told.has(line))) {
      told.add(warning);
      options.log(warning);
    }
    return settings;
  };
}
