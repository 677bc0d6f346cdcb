import path from 'node:path';
import { checkPath, shownPath, type PathRules } from '#domain/path-rule.ts';
import { pathTaken } from '#domain/task.ts';
import { openArtifactFile } from '#io/files.ts';
import { kindOfPath } from '#io/named-files.ts';
import type { SessionSettings } from './session-settings.ts';

// What no run could open or make is refused before one is started for it. The files of a named service may lie on another machine: only the
// letters of a path are looked at then.

/** A file to review, relative to the root of the settings. Fails as `openArtifactFile` does. */
export function checkArtifactPath(file: string, settings: SessionSettings): void {
  const rules = rulesOf(settings);
  if (settings.external !== undefined) checkPath(file, rules);
  else openArtifactFile({ root: settings.root.root, path: file, rules, maxBytes: settings.config.settings.save.maxArtifactBytes });
}

/** A file to be made. Fails with InvalidInput PATH_TAKEN and the path rule's codes. */
export function checkFreePath(file: string, settings: SessionSettings): void {
  checkPath(file, rulesOf(settings));
  if (settings.external === undefined && kindOfPath(path.join(settings.root.root, file)) !== null) throw pathTaken(shownPath(file));
}

function rulesOf({ config }: SessionSettings): PathRules {
  const { allowedDirectories, allowedExtensions, forbidden } = config.settings.save;
  return { allowedDirectories, allowedExtensions, forbidden };
}
