import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { decodeText } from '#domain/text-shape.ts';
import { kindOfPath } from '#io/named-files.ts';
import { checkArtifactPath } from '#client/artifact-paths.ts';
import { requestSettings, type SharedRequest } from '#client/request-settings.ts';
import type { WireBatchRequest, WireRequest } from '#wire/request.ts';
import { readBaseline } from './baseline.ts';
import type { Call } from './call.ts';
import type { CallSettings } from './call-settings.ts';
import { relativePath } from './paths.ts';
import { taskRequest } from './plan-task.ts';
import { projectPath } from './project-path.ts';
import { sharedRequest } from './request.ts';

/** What one call of `koubou review` starts. */
export type ReviewPlan = { readonly name: string; /** Absolute; what --watch watches. */ readonly watched: readonly string[] } & (
  | { readonly kind: 'review'; readonly request: WireRequest }
  | { readonly kind: 'batch'; readonly request: WireBatchRequest }
);

/**
 * Turns flags and paths into a request. What can be seen to be wrong is told here, before a service is started for it.
 *
 * Fails   InvalidInput: the path rule's codes, NOT_FOUND, INPUT_INVALID, INPUT_BINARY … · Misconfigured PROFILE_UNKNOWN
 */
export async function planReview(call: Call, settings: CallSettings): Promise<ReviewPlan> {
  const { flags, program } = call;
  checkSources(call);
  const { root } = settings.root;
  const baselineFile = flags.text('baseline');
  const baseline = baselineFile === undefined ? [] : readBaseline(path.resolve(program.facts.cwd, baselineFile));
  const shared = { ...sharedRequest(flags, { settings: requestSettings(settings.config), root, baseline }), ...projectPath(call, settings) };
  if (flags.has('task')) return { kind: 'review', request: await taskRequest(call, settings, shared), name: flags.text('name') ?? 'task', watched: [] };
  if (flags.has('stdin')) return planText(call, settings, shared);
  if (flags.has('diff')) return planDiff(flags.text('diff') ?? '', root, shared);
  return planPaths(call, settings, shared);
}

function planPaths({ program, arguments: typed }: Call, settings: CallSettings, shared: SharedRequest): ReviewPlan {
  const { root } = settings.root;
  const paths = [...new Set(typed.map((word) => relativePath(word, program.facts.cwd, settings.root)))];
  const watched = paths.map((relative) => path.join(root, relative));
  const [only = '.'] = paths;
  if (paths.length > 1 || kindOfPath(path.join(root, only)) === 'folder') {
    return { kind: 'batch', request: { ...shared, paths }, name: paths.length === 1 ? only : `${paths.length} paths`, watched };
  }
  checkArtifactPath(only, settings);
  return { kind: 'review', request: { ...shared, artifact: { path: only } }, name: only, watched };
}

function checkSources({ flags, arguments: typed }: Call): void {
  const sources = [typed.length > 0, flags.has('stdin'), flags.has('diff'), flags.has('task')].filter(Boolean).length;
  if (sources === 0) throw invalid('What is to be reviewed is missing: koubou review PATH..., --diff, --stdin or --task.');
  if (sources > 1) throw invalid('PATH, --diff, --stdin and --task exclude each other; choose one.');
  if (flags.has('stdin') && !flags.has('name')) throw invalid('--stdin needs --name, which tells the language of the text.');
  if (flags.has('name') && !flags.has('stdin') && !flags.has('task')) throw invalid('--name goes with --stdin or --task.');
  if (flags.has('stdin')) checkText(flags);
  const exclusive = ['watch', 'detach', 'wait'].filter((flag) => flags.has(flag));
  if (exclusive.length > 1) throw invalid(`--${exclusive[0]} and --${exclusive[1]} exclude each other; choose one.`);
}

function checkText(flags: Call['flags']): void {
  if (flags.has('write') || flags.has('commit')) throw invalid('A text from standard input has no file to be saved to; leave --write and --commit out, or name a path.');
  if (flags.has('watch')) throw invalid('--watch watches files; it cannot watch --stdin.');
}

async function planText(call: Call, settings: CallSettings, shared: SharedRequest): Promise<ReviewPlan> {
  const name = call.flags.text('name') ?? '';
  const { save: _save, approval: _approval, ...request } = shared;
  return { kind: 'review', request: { ...request, artifact: await inputArtifact(call, settings, name) }, name, watched: [] };
}

/** The text on standard input. Fails with InvalidInput INPUT_BINARY and its kin, TOO_LARGE. */
export async function inputArtifact({ program }: Call, { config }: CallSettings, name: string): Promise<{ name: string; text: string }> {
  const bytes = await program.readInput(config.settings.save.maxArtifactBytes);
  // Refuses what is no text; the worker keeps the shape, so the text goes on as it came.
  decodeText(bytes);
  return { name, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

/** One file as it was typed. Fails with InvalidInput: the path rule's codes, NOT_FOUND. */
export function fileArtifact(word: string, { program }: Call, settings: CallSettings): { path: string } {
  const file = relativePath(word, program.facts.cwd, settings.root);
  checkArtifactPath(file, settings);
  return { path: file };
}

function planDiff(base: string, root: string, shared: SharedRequest): ReviewPlan {
  const name = base === '' ? 'changed lines' : `lines changed since ${base}`;
  return { kind: 'batch', request: { ...shared, diff: base === '' ? {} : { base } }, name, watched: [root] };
}

function invalid(message: string): AppError {
  return new AppError('InvalidInput', 'INPUT_INVALID', message);
}
