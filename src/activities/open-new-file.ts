import type { Artifact } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import type { NewFileSource } from '#domain/request.ts';
import { decodeText } from '#domain/text-shape.ts';
import { chooseLanguage, type ReadRequest } from '#wire/read-request.ts';
import type { Dependencies } from './dependencies.ts';
import { gitBase, isGitRefusal } from './git-base.ts';

/**
 * A stored text as an artifact that is to become a file. Whether one lies there by now is asked when it is saved: what was
 * written and paid for is reviewed in any case.
 *
 * Fails   InvalidInput as `placeNewFile`, TOO_LARGE, INPUT_BINARY
 */
export async function openNewFile(deps: Dependencies, request: ReadRequest['request'], source: NewFileSource): Promise<Artifact> {
  const { root, path } = deps.workspace.placeNewFile({ root: request.root, path: source.path, rules: deps.pathRules });
  const bytes = new TextEncoder().encode(await deps.store.getText(source.sha256));
  if (bytes.length > deps.maxArtifactBytes) throw new AppError('InvalidInput', 'TOO_LARGE', `The text has ${bytes.length} bytes; at most ${deps.maxArtifactBytes} are reviewed.`);
  const { text, shape } = decodeText(bytes);
  const revision = await deps.store.putText(text);
  return {
    name: path.split('/').at(-1) ?? path,
    path,
    root,
    ...chooseLanguage(request, path, text),
    bytes: bytes.length,
    sha256: source.sha256,
    revision,
    shape,
    ...(await baseOfNew(deps, request.save, { root, path })),
    isNew: true,
    ...(source.taskSha256 === undefined ? {} : { taskSha256: source.taskSha256 }),
  };
}

// A path that git takes nothing at (ignored, under a filter) is told when it is to be committed; a name that was asked for has been looked at before.
async function baseOfNew(...given: Parameters<typeof gitBase>): Promise<Pick<Artifact, 'git'>> {
  try {
    return await gitBase(...given);
  } catch (error) {
    if (isGitRefusal(error)) return {};
    throw error;
  }
}
