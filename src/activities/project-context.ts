import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { mentionedFiles } from '#domain/mentioned-files.ts';
import { checkFolderPath, checkPath, shownPath, type PathRules } from '#domain/path-rule.ts';
import { contextLimits, type ContextEntry, type ProjectContext } from '#domain/project-context.ts';
import { holdsKey, isCalledSecret } from '#domain/secret-looking.ts';
import type { ContextFile } from '#reviewers/reviewer.ts';
import type { ContextRules, Dependencies } from './dependencies.ts';

export interface ContextRequest {
  /** Absolute, with its links followed. */
  readonly root: string;
  /** The same as the request names it. */
  readonly givenRoot?: string;
  /** As requested: relative to the root, or absolute and below it. */
  readonly project: string;
  /** The artifact, or the task it is to be drafted from. */
  readonly text: string;
  /** Relative to the root; absent for a text without a path. */
  readonly ownPath?: string;
}

/**
 * Gathers what models are shown of a project beside the artifact: a listing of its files, and those that the artifact names, as far as
 * the path rule lets them be opened, they are text, hold no secret and do not speak to a judge; all within the token budget of the
 * settings. The texts go to the store as one.
 *
 * Fails   InvalidInput: the path rule's codes, NOT_FOUND, PATH_OUTSIDE_ALLOWED, those of listCandidates
 */
export async function gatherContext(deps: Dependencies, request: ContextRequest): Promise<ProjectContext> {
  const { root } = request;
  const project = folderBelow([request.givenRoot ?? root, root], request.project);
  checkFolderPath(project, { forbidden: deps.pathRules.forbidden ?? [] });
  const candidates = await deps.workspace.listCandidates({ root, directory: project, limit: Infinity });
  if (candidates === null) throw new AppError('InvalidInput', 'NOT_FOUND', `There is no folder ${shownPath(project)} below the root, which project_path names.`);
  const within = (file: string): string => path.posix.relative(project, file);
  const files = candidates.files.filter((file) => file !== request.ownPath && isAllowed(file, deps.pathRules)).map(within);
  const budget = deps.contextRules.tokens * contextLimits.bytesPerToken;
  const listing = listingOf(deps, files, budget * contextLimits.listingShare);
  const named = mentionedFiles(request.text, { name: path.basename(path.join(root, project)), files, ...ownFolderOf(request.ownPath === undefined ? '..' : within(request.ownPath)) });
  const { shown, leftOut } = await readNamed(deps, { root, project, named, budget: budget - Buffer.byteLength(listing.text) });
  const texts: ContextFile[] = [{ path: `(${listing.names} of the ${files.length} files of the project, by name)`, text: listing.text }, ...shown.map(({ file }) => file)];
  const { sha256 } = await deps.store.putText(JSON.stringify(texts));
  return { project, sha256, files: shown.map(({ entry }) => entry), listed: listing.names, total: files.length, leftOut };
}

/** The same of a run that asks no model, which alone could read it. */
export function shownToNobody({ files, leftOut, ...context }: ProjectContext): ProjectContext {
  const unread = files.map(({ path: file }) => ({ path: file, because: 'no model takes part' }));
  return { ...context, files: [], listed: 0, leftOut: [...unread, ...leftOut].slice(0, contextLimits.files) };
}

/** The texts that `gatherContext` stored, as reviewers and improvers take them; nothing where no project was named. */
export async function contextFor({ store }: Pick<Dependencies, 'store'>, sha256: string | undefined): Promise<{ readonly context?: readonly ContextFile[] }> {
  return sha256 === undefined ? {} : { context: JSON.parse(await store.getText(sha256)) as ContextFile[] };
}

// Of the artifact, where it lies in the project.
function ownFolderOf(ownPath: string): { readonly ownFolder?: string } {
  const folder = path.posix.dirname(ownPath);
  return ownPath.startsWith('..') ? {} : { ownFolder: folder === '.' ? '' : folder };
}

function folderBelow(roots: readonly string[], folder: string): string {
  if (!path.isAbsolute(folder)) return folder.replace(/(?<=.)\/+$/, '');
  const relative = roots.map((root) => path.relative(root, folder).split(path.sep).join('/')).find((below) => below !== '..' && !below.startsWith('../'));
  if (relative === undefined) throw new AppError('InvalidInput', 'PATH_OUTSIDE_ALLOWED', 'project_path lies outside the root. Name a folder below it, or choose a root that holds both.');
  return relative === '' ? '.' : relative;
}

function isAllowed(file: string, rules: PathRules): boolean {
  try {
    checkPath(file, rules);
    return !isCalledSecret(file);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

interface Listing {
  readonly text: string;
  readonly names: number;
}

// Files near the top first: they tell most of what a project is.
function listingOf({ contextRules }: Dependencies, files: readonly string[], bytes: number): Listing {
  const sorted = files.toSorted((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1)).slice(0, contextLimits.names);
  const names: string[] = [];
  let left = bytes;
  for (const name of sorted) {
    left -= Buffer.byteLength(name) + 1;
    if (left < 0) break;
    names.push(name);
  }
  const kept = speechless(contextRules, names);
  return { text: kept.map((name) => `${name}\n`).join(''), names: kept.length };
}

// A name can be a sentence as well.
function speechless(rules: ContextRules, names: readonly string[]): readonly string[] {
  const spoken = new Set(rules.linesForJudges(names.join('\n'), '.'));
  return spoken.size === 0 ? names : speechless(rules, names.filter((_, index) => !spoken.has(index + 1)));
}

interface Named {
  readonly root: string;
  readonly project: string;
  readonly named: readonly string[];
  /** Bytes. */
  readonly budget: number;
}

interface Shown {
  readonly entry: ContextEntry;
  readonly file: ContextFile;
}

async function readNamed(deps: Dependencies, { root, project, named, budget }: Named): Promise<{ shown: Shown[]; leftOut: { path: string; because: string }[] }> {
  const shown: Shown[] = [];
  const leftOut: { path: string; because: string }[] = [];
  let left = budget;
  for (const file of named.slice(0, contextLimits.files)) {
    const limit = Math.min(left, budget * contextLimits.fileShare);
    const read = limit < contextLimits.leastBytes ? 'the token budget is used up' : await readOne(deps, { root, path: path.posix.join(project, file) }, limit);
    if (typeof read === 'string') {
      leftOut.push({ path: file, because: read });
      continue;
    }
    const bytes = Buffer.byteLength(read.text);
    left -= bytes;
    shown.push({ entry: { path: file, bytes, ...(read.isCut ? { cut: true } : {}) }, file: { path: file, text: read.text } });
  }
  return { shown, leftOut };
}

// As much of the text as fits, or why nothing of it is shown.
async function readOne({ workspace, pathRules, contextRules }: Dependencies, file: { readonly root: string; readonly path: string }, limit: number): Promise<{ readonly text: string; readonly isCut: boolean } | string> {
  try {
    const whole = workspace.openArtifactFile({ ...file, rules: pathRules, maxBytes: contextLimits.readBytes }).text;
    if (holdsKey(whole) || (await contextRules.secretsIn(whole)).length > 0) return 'it holds what looks like a key or a password';
    const text = beginningOf(whole, limit);
    return contextRules.linesForJudges(text, file.path).length > 0 ? 'it speaks to whoever judges' : { text, isCut: text !== whole };
  } catch (error) {
    if (error instanceof AppError && error.kind === 'InvalidInput') return reasons[error.code] ?? 'the path rule refuses it';
    throw error;
  }
}

const reasons: Readonly<Record<string, string>> = {
  INPUT_BINARY: 'it is no text',
  TOO_LARGE: `it has more than ${contextLimits.readBytes} bytes`,
  NOT_FOUND: 'it is gone',
};

/** The beginning of a text that fits into so many bytes of UTF-8, ended where a line ends if one does in its second half. */
function beginningOf(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const mark = '\n[cut here]\n';
  const cut = new TextDecoder().decode(Buffer.from(text).subarray(0, Math.max(0, bytes - mark.length))).replace(/\uFFFD+$/, '');
  const newline = cut.lastIndexOf('\n');
  return `${newline > cut.length / 2 ? cut.slice(0, newline) : cut}${mark}`;
}
