import { join } from 'node:path';
import { AppError } from '#domain/errors.ts';
import { openArtifactFile } from '#io/files.ts';
import { realFolder } from '#io/named-files.ts';
import { ensureDir, readJsonIfPresent, writeFileAtomic } from '#io/state-files.ts';
import { flatten } from '#wire/settings-keys.ts';
import { layerOf, narrow } from '#wire/settings-layers.ts';

export const projectFileName = 'koubou.yaml';

/** Some hundred lines; a hostile one of this size takes the parser a second. */
const maxBytes = 64 * 1024;

export interface ProjectFile {
  readonly text: string;
  /** Hex, of the file's bytes: what trust is pinned to. */
  readonly sha256: string;
}

export interface TrustedProject {
  /** Links resolved. */
  readonly directory: string;
  readonly sha256: string;
  /** What the file sets that counts from now on, as dotted keys. */
  readonly granted: readonly string[];
}

export type Trust = 'trusted' | 'changed' | 'unknown';

/**
 * A project's own koubou.yaml, null where there is none. It is not the user's file: links and devices are refused.
 *
 * In      root  absolute
 * Fails   InvalidInput as `openArtifactFile` · Misconfigured CONFIG_INVALID where it is no text
 */
export function readProjectFile(root: string): ProjectFile | null {
  try {
    const { text, sha256 } = openArtifactFile({ root, path: projectFileName, rules: {}, maxBytes });
    return { text, sha256 };
  } catch (error) {
    if (error instanceof AppError && (error.code === 'NOT_FOUND' || error.code === 'ROOT_NOT_FOUND')) return null;
    if (error instanceof AppError && error.code === 'INPUT_BINARY') throw new AppError('Misconfigured', 'CONFIG_INVALID', `${projectFileName}: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * Lets the project's settings file, exactly as it is now, name commands and places.
 *
 * In      stateDir, directory  absolute
 * Fails   InvalidInput CONFIG_NOT_FOUND · Misconfigured what `readSettingsText` fails with: nothing broken is trusted
 */
export async function trustProject(stateDir: string, directory: string): Promise<TrustedProject> {
  const file = readProjectFile(directory);
  if (file === null) throw new AppError('InvalidInput', 'CONFIG_NOT_FOUND', `There is no ${projectFileName} in that folder, so there is nothing to trust.`);
  const { readSettingsText } = await import('#wire/settings-yaml.ts');
  const layer = layerOf(flatten(readSettingsText(file.text, projectFileName)), 'project file');
  // What would have been dropped without trust is what trust grants.
  const granted = narrow(layer, new Map()).dropped;
  const project = realFolder(directory);
  writeTrust(stateDir, { ...readTrust(stateDir), [project]: file.sha256 });
  return { directory: project, sha256: file.sha256, granted };
}

/** Takes the trust back; false where there was none. */
export function untrustProject(stateDir: string, directory: string): boolean {
  const { [realFolder(directory)]: pinned, ...others } = readTrust(stateDir);
  if (pinned === undefined) return false;
  writeTrust(stateDir, others);
  return true;
}

/** Whether a project's file with this hash is trusted; 'changed' where another content of it was. */
export function trustOf(stateDir: string, directory: string, sha256: string): Trust {
  const pinned = readTrust(stateDir)[realFolder(directory)];
  if (pinned === undefined) return 'unknown';
  return pinned === sha256 ? 'trusted' : 'changed';
}

// What is no table of hashes trusts nothing.
function readTrust(stateDir: string): Record<string, string> {
  const stored = readJsonIfPresent(trustFile(stateDir));
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return {};
  return Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function writeTrust(stateDir: string, trust: Readonly<Record<string, string>>): void {
  ensureDir(stateDir, 0o700);
  writeFileAtomic(trustFile(stateDir), `${JSON.stringify(trust, null, 2)}\n`, 0o600);
}

function trustFile(stateDir: string): string {
  return join(stateDir, 'trust.json');
}
