import path from 'node:path';
import type { GitBase } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import { shownPath } from '#domain/path-rule.ts';
import { statIfPresent } from '#io/roots.ts';
import { refuseBusy } from './busy.ts';
import { writeBlob, type NewCommit } from './commit-objects.ts';
import { entryInCommit, type Entry, type GitFile } from './git-file.ts';
import { commitMessage, isMessageOf, oneLine, type CommitRun } from './message.ts';
import { readHead } from './refs.ts';
import { git, gitLine } from './runner.ts';

export interface PlanRequest {
  readonly path: string;
  readonly original: Uint8Array | null;
  readonly content: Uint8Array;
  readonly base: GitBase;
  readonly run: CommitRun;
  readonly subject: string;
  readonly step?: (name: string) => void;
}

/** What remains to be done for a file to be committed, as the repository stands now. */
export interface CommitPlan {
  readonly branch: string | null;
  /** Commit that HEAD is at, null where there is none. */
  readonly parent: string | null;
  /** None when it is done. */
  readonly commits: readonly NewCommit[];
  /** The commit that holds the result already. */
  readonly done: string | null;
  /** The commit of the artifact as it was opened, made by an earlier attempt. */
  readonly firstDone: string | undefined;
  /** What the user's index gets. */
  readonly entry: Entry;
  /** Blobs (null: no entry) that the user's index may hold at the path without anything staged getting lost. */
  readonly replaceable: readonly (string | null)[];
}

/** Fails   Conflict GIT_BRANCH_SWITCHED, GIT_PATH_CHANGED, GIT_BUSY */
export async function planCommit(file: GitFile, request: PlanRequest): Promise<CommitPlan> {
  const { branch, head } = await readHead(file.repository);
  if (branch !== request.base.branch) {
    refuseBusy(file.repository, 'Conflict');
    throw switched(request.base.branch, branch);
  }
  const [committed, made] = await Promise.all([entryInCommit(file, head), findCommits(file, request, head)]);
  const blobs = await writeBlobs(file, request, committed);
  request.step?.('commit.blobs');
  const entry: Entry = { mode: await modeOf(file, committed), blob: blobs.result };
  const common = { branch, parent: head, entry, firstDone: made.first };
  if (made.result !== undefined || blobs.found === blobs.result) {
    // A later commit may have changed the path again; then the user's index is no longer ours to update.
    const replaceable = blobs.found === blobs.result ? await replaceableBlobs(file, request, blobs) : [];
    return { ...common, commits: [], done: made.result ?? head, replaceable };
  }
  if (blobs.found !== request.base.blob && blobs.found !== blobs.original) throw pathChanged(request.path);
  return { ...common, commits: commitsOf(request, blobs, entry.mode), done: null, replaceable: await replaceableBlobs(file, request, blobs) };
}

/** Ids of the blobs of one file. */
interface Blobs {
  /** In HEAD. */
  readonly found: string | null;
  readonly original: string | null;
  readonly result: string;
}

async function writeBlobs(file: GitFile, { original, content, base }: PlanRequest, committed: Entry | null): Promise<Blobs> {
  return {
    found: committed?.blob ?? null,
    original: original === null ? null : await writeBlob(file, original, base.blob),
    result: await writeBlob(file, content, base.blob),
  };
}

function commitsOf(request: PlanRequest, { found, original, result }: Blobs, mode: string): NewCommit[] {
  const last = { blob: result, mode, message: commitMessage(request.subject, request.run) };
  if (original === null || original === found || original === result) return [last];
  const subject = `Keep ${request.path.split('/').at(-1)} as it was`;
  return [{ blob: original, mode, message: commitMessage(subject, { ...request.run, iteration: 0, score: null }) }, last];
}

// What was in HEAD, or was to be saved as it was, is in a commit; a file that HEAD does not have may be missing in the
// index too, or be there without its content (`git add -N`).
async function replaceableBlobs(file: GitFile, { base }: PlanRequest, { original }: Blobs): Promise<(string | null)[]> {
  const kept = original === null ? [] : [original];
  if (base.blob !== null) return [base.blob, ...kept];
  const empty = await gitLine(file.repository, ['hash-object', '-t', 'blob', '--stdin'], { input: '' });
  return [null, empty, ...kept];
}

// An executable file stays one; what is new is executable where the user's index or the file itself says so.
async function modeOf(file: GitFile, committed: Entry | null): Promise<string> {
  if (committed !== null) return committed.mode === '100755' ? '100755' : '100644';
  const { stdout } = await git(file.repository, ['ls-files', '--stage', '-z', '--full-name', '--', file.path]);
  if (stdout !== '') return stdout.startsWith('100755 ') ? '100755' : '100644';
  const stats = statIfPresent(path.join(file.repository.top, file.path));
  const isExecutable = file.repository.settings.get('core.filemode') !== 'false' && ((stats?.mode ?? 0) & 0o100) !== 0;
  return isExecutable ? '100755' : '100644';
}

interface MadeCommits {
  readonly first: string | undefined;
  readonly result: string | undefined;
}

async function findCommits(file: GitFile, request: PlanRequest, head: string | null): Promise<MadeCommits> {
  if (head === null) return { first: undefined, result: undefined };
  const range = request.base.head === null ? [head] : [head, `^${request.base.head}`];
  const grep = ['--fixed-strings', `--grep=Koubou-Run: ${oneLine(request.run.runId)}`];
  const { stdout } = await git(file.repository, ['log', '-z', '--ignore-missing', '--no-mailmap', '--no-notes', '--no-color', '--format=%H%n%B', ...grep, ...range, '--']);
  const commits = stdout.split('\0').map((commit) => ({ id: commit.slice(0, commit.indexOf('\n')), message: commit }));
  const idOf = (iteration: number): string | undefined => commits.find(({ message }) => isMessageOf(message, { runId: request.run.runId, iteration }))?.id;
  return { first: request.run.iteration === 0 ? undefined : idOf(0), result: idOf(request.run.iteration) };
}

function switched(expected: string | null, found: string | null): AppError {
  const name = (branch: string | null): string => (branch === null ? 'a detached HEAD' : `the branch ${shownPath(branch)}`);
  return new AppError('Conflict', 'GIT_BRANCH_SWITCHED', `The repository was on ${name(expected)} when the file was opened and is on ${name(found)} now. Nothing was committed; switch back and commit with koubou apply.`);
}

function pathChanged(shown: string): AppError {
  return new AppError('Conflict', 'GIT_PATH_CHANGED', `${shownPath(shown)} was committed by somebody else since it was opened. Nothing was committed; start a new run to review what it has become.`);
}
