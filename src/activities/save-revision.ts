import type { Artifact, Revision } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import { encodeText } from '#domain/text-shape.ts';
import type { Dependencies } from './dependencies.ts';
import { asStep } from './working-time.ts';

export interface SaveInput {
  readonly runId: string;
  readonly artifact: Artifact;
  readonly revision: Revision;
}

export interface Saved {
  readonly path: string;
  /** Hex SHA-256 of the file's bytes as they stand now. */
  readonly sha256: string;
}

/** Writes the revision over the artifact exactly once; a person's edit, or a file where there was none, is a Conflict and is kept. */
export function saveRevision(deps: Dependencies) {
  return (input: SaveInput): Promise<Saved> =>
    asStep(async () => {
      const { root, path, shape, sha256: opened, isNew } = input.artifact;
      if (root === undefined || path === undefined) throw new AppError('InvalidInput', 'NOT_A_FILE', 'The artifact is a text without a path; there is nothing to save it to.');
      const expectedSha256 = isNew === true ? null : opened;
      const content = encodeText(await deps.store.getText(input.revision.sha256), shape);
      const { sha256 } = deps.workspace.saveFile({ root, path, rules: deps.pathRules, expectedSha256, content, runKey: input.runId });
      const saved: Saved = { path, sha256 };
      await deps.store.putEffect({ runId: input.runId, kind: 'saved', value: saved });
      return saved;
    });
}
