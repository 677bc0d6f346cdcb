import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { formatIds, isFormatId, type FormatId } from '#reports/registry.ts';
import type { Flags } from './parse.ts';

/** Where and in which forms a result is wanted. */
export interface ReportOptions {
  /** What goes to standard output. */
  readonly print: FormatId;
  /** Files that were asked for; absent: the usual ones in the folder of the settings. */
  readonly out?: { readonly folder: string; readonly formats: readonly FormatId[] };
}

/**
 * What --format, --out and --json ask for: `--json` is `--format json` on standard output.
 *
 * In      usual  formats of the settings, for an --out without --format
 * Fails   InvalidInput INPUT_INVALID, INPUT_UNKNOWN_FORMAT
 */
export function reportOptions(flags: Flags, cwd: string, usual: readonly string[]): ReportOptions {
  const formats = [...new Set(flags.list('format'))].map(formatOf);
  const folder = flags.text('out');
  if (folder === undefined) {
    const [only, ...more] = flags.has('json') ? ['json' as const, ...formats.filter((format) => format !== 'json')] : formats;
    if (more.length > 0) throw new AppError('InvalidInput', 'INPUT_INVALID', 'More than one format needs a folder to write them to: --out DIR.');
    return { print: only ?? 'human' };
  }
  const wanted = formats.length === 0 ? usual.map(formatOf) : formats;
  return { print: flags.has('json') ? 'json' : 'human', out: { folder: path.resolve(cwd, folder), formats: wanted } };
}

function formatOf(id: string): FormatId {
  if (isFormatId(id)) return id;
  throw new AppError('InvalidInput', 'INPUT_UNKNOWN_FORMAT', `There is no report format ${JSON.stringify(id)}. Choose one of: ${formatIds.join(', ')}.`);
}
