import { z } from 'zod';
import { durationPattern, readDuration, showDuration } from './duration.ts';

/** Names that a settings file gives to things: profiles, checks, providers. */
export const settingName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'a name has letters, digits, dot, dash and underscore, at most 64, and begins with a letter or digit');

export interface DurationBounds {
  readonly min: number;
  readonly max: number;
}

/** A time in a file or a variable: '60s', '10m', '500ms', '1h' or milliseconds. Out: whole milliseconds. */
export function duration({ min, max }: DurationBounds) {
  const wanted = `a time such as 500ms, 30s, 10m or 1h, from ${showDuration(min)} to ${showDuration(max)}`;
  return z
    .union([z.string().regex(durationPattern, wanted), z.int()], { error: wanted })
    .transform((value) => (typeof value === 'number' ? value : (readDuration(value) ?? -1)))
    .refine((ms) => ms >= min && ms <= max, wanted);
}

/** A folder below the root, such as 'src' or '.'; what leads out of the root is told apart by `tooWide`. */
export const folderBelowRoot = z.string().min(1).max(1024).refine((folder) => !leadsOut(folder), { error: 'a folder below the root, such as src', params: { tooWide: true } });

function leadsOut(folder: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:)/.test(folder) || folder.split(/[/\\]/).includes('..');
}

/** An absolute file or folder on this machine. */
export const absolutePath = z.string().regex(/^\/[^\0]*$/, 'an absolute path');

/** '.ts'; an empty text is a name without extension. */
export const fileExtension = z.string().regex(/^(?:\.[^./\\\s]{1,30})?$/, "an extension with its dot, such as '.ts', or '' for none").transform((extension) => extension.toLowerCase());

/** A web address without a user or password in it. */
export const serviceUrl = z.url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' });
