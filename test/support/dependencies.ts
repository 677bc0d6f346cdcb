import type { Dependencies } from '#activities/dependencies.ts';
import { changedSince, listCandidates } from '#io/git/candidates.ts';
import { commitFile } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { openArtifactFile } from '#io/files.ts';
import { saveFile } from '#io/save.ts';
import { createRegistry } from '#reviewers/registry.ts';
import type { Improver, Reviewer } from '#reviewers/reviewer.ts';
import type { Store } from '#store/store.ts';

export interface Reviewing {
  /** The first is the default. */
  readonly reviewers: readonly Reviewer[];
  readonly improvers: readonly Improver[];
  readonly heartbeatTimeoutMs?: number;
  readonly fallbacks?: readonly string[];
}

interface DependencyParts extends Reviewing {
  readonly root: string;
  readonly store: Store;
}

export function testDependencies({ reviewers, improvers, root, store, heartbeatTimeoutMs = 3_000, fallbacks = [] }: DependencyParts): Dependencies {
  const registry = createRegistry({ reviewers, improvers });
  return {
    store,
    registry,
    workspace: { openArtifactFile, saveFile, inspectGit, commitFile, listCandidates, changedSince },
    pathRules: {},
    maxArtifactBytes: 20_000_000,
    commitSubject: 'Improve {name}: score {initial_score} to {score}',
    heartbeatTimeoutMs,
    defaults: {
      resolveRoot: () => root,
      limits: {},
      profiles: {},
      weights: {},
      criteria: [],
      fallbacks,
      reviewers: [reviewers[0]!.id],
      improver: improvers[0]!.id,
      save: 'none',
      formats: ['json', 'markdown', 'html'],
      reportFormats: ['json', 'markdown', 'html', 'sarif', 'junit', 'rdjson'],
      asksModel: (id) => registry.reviewer(id).asksModel,
      knowsImprover: (id) => improvers.some((improver) => improver.id === id),
    },
  };
}
