import { AppError } from '#domain/errors.ts';
import type { FlatSettings } from './settings-keys.ts';

export type Origin = 'default' | 'user file' | 'project file' | 'file of --config' | 'flag' | `environment ${string}`;

export interface Setting {
  readonly value: unknown;
  readonly origin: Origin;
}

/** Settings by dotted key, each with where it came from. */
export type Layer = ReadonlyMap<string, Setting>;

export function layerOf(values: FlatSettings, origin: Origin): Layer {
  return new Map([...values].map(([key, value]) => [key, { value, origin }]));
}

/** Lays layers over each other; the last one that names a key wins, lists and tables as a whole. */
export function overlay(...layers: readonly Layer[]): Layer {
  return new Map(layers.flatMap((layer) => [...layer]));
}

export interface Narrowed {
  readonly layer: Layer;
  /** Keys that count only once the project is trusted. */
  readonly dropped: readonly string[];
  /** Keys that asked for more than the user's own settings allow. */
  readonly capped: readonly string[];
}

/** Gives what counts beside the user's own value; undefined where the user's stays. */
type Rule = (project: unknown, user: unknown) => unknown;

// Commands, money, places outside the project and other people's services: only for a project that is trusted.
const trustedOnly: readonly string[] = ['checks', 'llm', 'save.allowed_directories', 'git', 'temporal', 'store', 'workers', 'mcp', 'reports.directory', 'privacy'];

const saveModes: readonly unknown[] = ['none', 'write', 'commit'];

const rules: Readonly<Record<string, Rule>> = {
  'review.max_iterations': smaller,
  'review.iteration_timeout': smaller,
  'review.timeout': smaller,
  'save.max_artifact_bytes': smaller,
  'save.mode': (project, user) => (saveModes.indexOf(project) <= saveModes.indexOf(user ?? 'none') ? project : undefined),
  'save.allowed_extensions': common,
  'save.forbidden': (project, user) => [...new Set([...listOf(user), ...listOf(project)])],
};

/**
 * What a project's own file may say before it is trusted: it narrows what the user allows, never widens it.
 *
 * In      user  what the user's own file says, without the defaults
 * Fails   Misconfigured CONFIG_INVALID where project and user allow nothing in common
 */
export function narrow(project: Layer, user: Layer): Narrowed {
  const layer = new Map<string, Setting>();
  const dropped: string[] = [];
  const capped: string[] = [];
  for (const [key, { value, origin }] of project) {
    const rule = rules[key];
    const counts = rule === undefined ? value : rule(value, user.get(key)?.value);
    if (needsTrust(key) || (counts === undefined && key === 'save.mode')) dropped.push(key);
    else if (counts === undefined) capped.push(key);
    else layer.set(key, { value: counts, origin });
  }
  return { layer, dropped, capped };
}

/** Whether a project's file may set this key only once it is trusted. */
export function needsTrust(key: string): boolean {
  return trustedOnly.some((group) => key === group || key.startsWith(`${group}.`));
}

function smaller(project: unknown, user: unknown): unknown {
  return typeof user === 'number' && typeof project === 'number' && project > user ? undefined : project;
}

// An empty list means all.
function common(project: unknown, user: unknown): unknown {
  const [theirs, own] = [listOf(project), listOf(user)];
  if (own.length === 0 || theirs.length === 0) return own.length === 0 ? project : undefined;
  const both = theirs.filter((entry) => own.includes(entry));
  if (both.length > 0) return both;
  throw new AppError('Misconfigured', 'CONFIG_INVALID', "save.allowed_extensions of the project and of your own settings have nothing in common, so that no file could be reviewed. Change one of them.");
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
