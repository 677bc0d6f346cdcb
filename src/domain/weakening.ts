import { newDownload } from './weakening/downloads.ts';
import { rolesOf } from './weakening/file-roles.ts';
import { linesOf } from './weakening/marks.ts';
import { weakerPipeline } from './weakening/pipelines.ts';
import { lowering } from './weakening/settings.ts';
import { silencing } from './weakening/suppressions.ts';
import { lessTested } from './weakening/tests.ts';

/**
 * What a candidate takes from the checks of its project beside the revision it came from, or null: one sentence that names the line.
 *
 * Refused are new suppressions of linters, type checkers, secret scanners and coverage; tests newly skipped or singled out; fewer tests or assertions in a
 * test file; lowered settings; CI and hooks in which a check vanishes or failures no longer count; new scripts that are fetched and run. Everything is
 * counted against `before`: what is there already may stay, move and go. In time linear to both texts.
 *
 * In      name: path or file name, which tells what the file is to its project
 */
export function weakeningOf(name: string, before: string, after: string): string | null {
  const roles = rolesOf(name);
  const [from, to] = [linesOf(before), linesOf(after)];
  return (
    silencing(from, to, roles) ??
    (roles.isDocument ? null : lessTested(from, to, roles)) ??
    (roles.isSettings || roles.isIgnoreList ? lowering(from, to, roles) : null) ??
    (roles.isPipeline ? weakerPipeline(from, to, /makefile$/i.test(name)) : null) ??
    newDownload(from, to, roles)
  );
}
