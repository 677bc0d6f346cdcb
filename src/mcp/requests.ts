import { AppError } from '#domain/errors.ts';
import { checkArtifactPath } from '#client/artifact-paths.ts';
import { requestSettings, profileOf, type SharedRequest } from '#client/request-settings.ts';
import type { SessionSettings } from '#client/session-settings.ts';
import type { WireBatchRequest, WireRequest } from '#wire/request.ts';
import { checkPathBelow, placeBelowRoots, type PathBelow } from './paths.ts';
import { placeOfTask, planTask, type TaskWish } from './plan-task.ts';
import type { McpRoot } from './server-options.ts';
import type { ToolCall } from './tools/tool.ts';

/** What one call starts. */
export type Plan = { readonly kind: 'review'; readonly request: WireRequest } | { readonly kind: 'batch'; readonly request: WireBatchRequest };

/** What is to be reviewed: one of them. */
export interface Sources {
  readonly path?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly diff?: string | undefined;
  readonly text?: string | undefined;
  /** What is to be drafted. */
  readonly task?: string | undefined;
  /** Of the text, or of the file that the task is to become. */
  readonly name?: string | undefined;
}

/** What a caller asks for, laid over the settings of the root. Everything in it a request may ask for; none of it names a command. */
export interface Wishes extends Omit<SharedRequest, 'root' | 'tenant' | 'profile'> {
  readonly profile?: string | undefined;
}

/** Text in a call; a line of the protocol holds at most 10 MiB, and escaping may make six of one byte. */
export const maxTextBytes = 1_048_576;

/**
 * The request of a call.
 *
 * Fails   InvalidInput INPUT_INVALID, ROOT_NOT_ALLOWED, TEXT_TOO_LARGE, NOT_FOUND, the path rule's codes · Misconfigured PROFILE_UNKNOWN · as `planTask`
 */
export async function planRun(call: ToolCall, sources: Sources, wishes: Wishes): Promise<Plan> {
  const { path, paths, diff, text, task } = sources;
  const given = [path, paths, diff, text, task].filter((source) => source !== undefined).length;
  if (given !== 1) throw invalid(given === 0 ? 'Say what is to be reviewed: path, paths, diff, text or task.' : 'path, paths, diff, text and task exclude each other; give one.');
  if (text !== undefined) return planText(call, { text, name: sources.name }, wishes);
  if (task !== undefined) return planDraft(call, { task, name: sources.name }, wishes);
  if (sources.name !== undefined) throw invalid('name goes with text or task; a file has its own.');
  if (path !== undefined) return planPath(call, path, wishes);
  return paths === undefined ? planDiff(call, diff ?? '', wishes) : planPaths(call, paths, wishes);
}

async function planText(call: ToolCall, { text, name }: { readonly text: string; readonly name: string | undefined }, wishes: Wishes): Promise<Plan> {
  checkText(text);
  if ((wishes.save ?? 'none') !== 'none') throw invalid('A text has no file to be saved to; leave save out, or give a path.');
  const [root] = call.service.roots;
  const { save: _save, approval: _approval, ...shared } = await sharedOf(call, root, wishes);
  return { kind: 'review', request: { ...shared, artifact: { name: name ?? 'document.md', text } } };
}

async function planDraft(call: ToolCall, wish: TaskWish, wishes: Wishes): Promise<Plan> {
  const place = placeOfTask(call, wish);
  return { kind: 'review', request: await planTask(call, wish, { place, shared: await sharedOf(call, place.root, wishes) }) };
}

/** Fails   InvalidInput TEXT_TOO_LARGE */
export function checkText(text: string): void {
  if (Buffer.byteLength(text) > maxTextBytes) throw new AppError('InvalidInput', 'TEXT_TOO_LARGE', 'The text has more than 1 MiB, which is the limit for text inside a call.');
}

async function planPath(call: ToolCall, given: string, wishes: Wishes): Promise<Plan> {
  const file = placeBelowRoots(given, call.service.roots);
  const settings = await file.root.settings();
  checkArtifactPath(file.path, settings);
  return { kind: 'review', request: { ...(await sharedOf(call, file.root, wishes)), artifact: { path: file.path } } };
}

async function planPaths(call: ToolCall, given: readonly string[], wishes: Wishes): Promise<Plan> {
  const places = given.map((path) => placeBelowRoots(path, call.service.roots));
  const [first, ...others] = places as [PathBelow, ...PathBelow[]];
  if (others.some(({ root }) => root !== first.root)) throw invalid('All paths of a batch lie in one root; start one batch for each.');
  const settings = await first.root.settings();
  for (const place of places) checkPathBelow(place, settings);
  return { kind: 'batch', request: { ...(await sharedOf(call, first.root, wishes)), paths: [...new Set(places.map(({ path }) => path))] } };
}

async function planDiff(call: ToolCall, base: string, wishes: Wishes): Promise<Plan> {
  const { root } = placeBelowRoots('.', call.service.roots);
  return { kind: 'batch', request: { ...(await sharedOf(call, root, wishes)), diff: base === '' ? {} : { base } } };
}

// The settings are those of the root; a call's own wishes go above, as flags do.
async function sharedOf({ service, principal }: ToolCall, root: McpRoot | undefined, { profile, ...wishes }: Wishes): Promise<SharedRequest> {
  const settings: SessionSettings = await (root === undefined ? service.settings() : root.settings());
  const own = requestSettings(settings.config);
  const request: SharedRequest = {
    ...own.shared,
    ...profileOf(profile, own),
    ...present(wishes),
    root: root?.folder ?? settings.root.root,
    ...(principal.tenant === undefined ? {} : { tenant: principal.tenant }),
  };
  if (request.approval === 'before_save' && (request.save ?? 'none') === 'none') throw invalid('approval before_save asks before saving: set save to write or commit as well.');
  return request;
}

function present(wishes: object): SharedRequest {
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
}

function invalid(message: string): AppError {
  return new AppError('InvalidInput', 'INPUT_INVALID', message);
}
