import type { Artifact, Revision } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import { shownPath } from '#domain/path-rule.ts';
import { encodeText } from '#domain/text-shape.ts';
import { defaultCommitSubject } from '#wire/settings-shape.ts';
import type { Dependencies } from './dependencies.ts';
import { isGitRefusal } from './git-base.ts';
import { asStep } from './working-time.ts';

export interface CommitInput {
  readonly runId: string;
  readonly artifact: Artifact;
  readonly revision: Revision;
  readonly iteration: number;
  readonly score: number | null;
  readonly initialScore: number | null;
  /** Fixed by the workflow, so that every attempt makes the same commit. ISO 8601 UTC. */
  readonly at: string;
}

export interface Committed {
  readonly id: string;
  readonly branch: string | null;
}

/** Commits the saved revision exactly once, on the artifact's own path only. */
export function commitRevision(deps: Dependencies) {
  return (input: CommitInput): Promise<Committed> =>
    asStep(async () => {
      const { root, path, shape, revision, isNew } = input.artifact;
      if (root === undefined || path === undefined) throw new AppError('InvalidInput', 'NOT_A_FILE', 'The artifact is a text without a path; there is nothing to commit.');
      const [before, after] = await Promise.all([deps.store.getText(revision.sha256), deps.store.getText(input.revision.sha256)]);
      const { id, branch } = await deps.workspace.commitFile({
        root,
        path,
        original: isNew === true ? null : encodeText(before, shape),
        content: encodeText(after, shape),
        base: input.artifact.git ?? (await baseNow(deps, root, path).catch((error: unknown) => { throw isNew === true ? asConflict(error, path) : error; })),
        run: { runId: input.runId, iteration: input.iteration, score: input.score },
        subject: subjectOf(isNew === true ? subjectOfNew(deps.commitSubject) : deps.commitSubject, input, path),
        at: input.at,
      });
      const committed: Committed = { id, branch };
      await deps.store.putEffect({ runId: input.runId, kind: 'committed', value: committed });
      return committed;
    });
}

// A run that was not asked to commit did not look at git when it opened; `apply --commit` looks now.
async function baseNow(deps: Dependencies, root: string, path: string): Promise<NonNullable<Artifact['git']>> {
  const git = await deps.workspace.inspectGit({ root, path });
  if (git === null) throw new AppError('InvalidInput', 'GIT_NOT_A_REPOSITORY', 'Committing needs a git repository around the artifact; run git init there.');
  return { branch: git.branch, head: git.head, blob: git.blob };
}

// The file of a draft is there by then, and the run has done all else that it was asked for.
function asConflict(error: unknown, path: string): unknown {
  return isGitRefusal(error) ? new AppError('Conflict', error.code, `${shownPath(path)} was saved and not committed. ${error.message}`, { cause: error }) : error;
}

// The usual subject speaks of two scores and an improvement; whoever set another one meant it.
function subjectOfNew(template: string): string {
  return template === defaultCommitSubject ? 'Add {name}: score {score}' : template;
}

function subjectOf(template: string, { initialScore, score }: CommitInput, path: string): string {
  const values: Readonly<Record<string, string>> = { name: path.split('/').at(-1) ?? path, initial_score: shown(initialScore), score: shown(score) };
  return template.replaceAll(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

function shown(score: number | null): string {
  return score === null ? 'none' : String(score);
}
