import path from 'node:path';
import type { GitBase } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import { fileError } from '#io/file-errors.ts';
import { takeLease, type Lease } from '#io/lease.ts';
import { refuseBusy } from './busy.ts';
import { removePrivateIndexes, writeCommits } from './commit-objects.ts';
import { planCommit, type CommitPlan } from './commit-plan.ts';
import { openGitFile, type GitFile } from './git-file.ts';
import { commitIdentity } from './identity.ts';
import { oneLine, type CommitRun } from './message.ts';
import { badRef, checkBranch, checkRevision, isObjectId, readBranch } from './refs.ts';
import { git, isMovedRef, lockedError } from './runner.ts';
import { lockUserIndex, prepareUserIndex } from './user-index.ts';

export interface CommitRequest {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
  /** The file's bytes when it was opened; null when it did not exist. */
  readonly original: Uint8Array | null;
  readonly content: Uint8Array;
  /** Where git stood when the file was opened, as inspectGit said. */
  readonly base: GitBase;
  readonly run: CommitRun;
  readonly subject: string;
  /** ISO 8601, the same on every attempt. */
  readonly at: string;
  /** How long to wait for other runs that commit in the same repository; default a minute. */
  readonly waitMs?: number;
  /** Told the name of each step as it is reached, for tests that interrupt. */
  readonly step?: (name: string) => void;
}

export interface CommitReport {
  readonly id: string;
  /** Null where HEAD is detached. */
  readonly branch: string | null;
  /** 'already': an earlier attempt made it, or the branch had these very bytes. */
  readonly status: 'committed' | 'already';
  /** The commit of the artifact as it was opened, where it differed from HEAD. */
  readonly firstId?: string;
}

/** A branch that keeps moving is tried this often before the step is left to its own retry. */
const maxPlans = 10;

/**
 * Commits one file exactly once, by plumbing alone: hooks, filters and signing do not run, no other path is touched, and
 * what is staged stays staged. Calling it again finds the commit by its trailers.
 *
 * Fails   Conflict GIT_PATH_CHANGED, GIT_BRANCH_SWITCHED, GIT_BUSY · InvalidInput GIT_NOT_A_REPOSITORY, GIT_BAD_REF, and as
 *         openGitFile · Unavailable GIT_LOCKED, GIT_FAILED, DISK_FULL · Misconfigured NOT_WRITABLE
 */
export async function commitFile(request: CommitRequest): Promise<CommitReport> {
  if (request.base.head !== null && !isObjectId(request.base.head)) throw badRef(request.base.head);
  if (request.base.branch !== null) checkRevision(request.base.branch);
  const file = await openGitFile(request);
  if (file === null) throw new AppError('InvalidInput', 'GIT_NOT_A_REPOSITORY', 'Committing needs a git repository around the file. Run git init there, or save without committing.');
  if (request.base.branch !== null) await checkBranch(file.repository, request.base.branch);
  const lease = await takeTurn(file, request);
  try {
    removePrivateIndexes(file);
    return await commitInTurn(file, request);
  } catch (error) {
    throw fileError(error, request.path, 'write');
  } finally {
    removePrivateIndexes(file);
    lease.release();
  }
}

async function takeTurn(file: GitFile, request: CommitRequest): Promise<Lease> {
  const lease = path.join(file.repository.commonDir, 'koubou.lock');
  try {
    return await takeLease(lease, { waitMs: request.waitMs ?? 60_000, note: `run ${request.run.runId}` });
  } catch (error) {
    if (error instanceof AppError && error.code === 'LEASE_HELD') throw lockedError({ cause: error });
    throw fileError(error, request.path, 'write');
  }
}

async function commitInTurn(file: GitFile, request: CommitRequest): Promise<CommitReport> {
  for (let tries = 1; ; tries++) {
    const plan = await planCommit(file, request);
    if (plan.commits.length > 0) refuseBusy(file.repository, 'Conflict');
    try {
      return await carryOut(file, plan, request);
    } catch (error) {
      if (!isMovedRef(error) || tries === maxPlans) throw error;
    }
  }
}

async function carryOut(file: GitFile, plan: CommitPlan, request: CommitRequest): Promise<CommitReport> {
  const identity = commitIdentity(file.repository.settings, request.at);
  const made = plan.commits.length === 0 ? [] : await writeCommits(file, plan.parent, { commits: plan.commits, identity });
  request.step?.('commit.objects');
  const id = made.at(-1) ?? plan.done;
  if (id === null) throw new AppError('Bug', 'GIT_UNEXPECTED', 'Nothing was to be committed, and no commit was there.');
  await publish(file, { plan, id: made.at(-1) ?? null, identity, request });
  request.step?.('commit.done');
  const firstId = made.length > 1 ? made[0] : plan.firstDone;
  return { id, branch: plan.branch, status: made.length > 0 ? 'committed' : 'already', ...(firstId === undefined ? {} : { firstId }) };
}

interface Move {
  readonly plan: CommitPlan;
  /** The commit that the branch is to move to, null when it is there already. */
  readonly id: string | null;
  readonly identity: Readonly<Record<string, string>>;
  readonly request: CommitRequest;
}

// Branch and index change while git's lock of the index is held, so that no git command of the user sees one without the
// other; a kill in between is made good by the next attempt.
async function publish(file: GitFile, move: Move): Promise<void> {
  const { plan, request } = move;
  const lock = await lockUserIndex(file, `run ${request.run.runId}`);
  try {
    request.step?.('commit.index-locked');
    const prepared = await prepareUserIndex(file, plan.entry, plan.replaceable);
    request.step?.('commit.before-ref');
    await moveRef(file, move);
    request.step?.('commit.after-ref');
    if (prepared !== null && (await readBranch(file.repository)) === plan.branch) prepared.install();
    request.step?.('commit.index');
  } finally {
    lock.release();
  }
}

// Compares and swaps: it fails when the ref is no longer where the plan found it; all zeros: there must be none yet.
async function moveRef(file: GitFile, { plan, id, identity, request }: Move): Promise<void> {
  if (id === null) return;
  const target = plan.branch === null ? ['--no-deref', 'HEAD'] : [`refs/heads/${plan.branch}`];
  const message = `koubou: ${oneLine(request.subject)} (run ${oneLine(request.run.runId)})`;
  await git(file.repository, ['update-ref', '-m', message, ...target, id, plan.parent ?? '0'.repeat(id.length)], { env: identity });
}
