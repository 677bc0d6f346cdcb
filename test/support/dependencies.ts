import type { Dependencies } from '#activities/dependencies.ts';
import type { PathRules } from '#domain/path-rule.ts';
import { AppError } from '#domain/errors.ts';
import { changedSince, listCandidates } from '#io/git/candidates.ts';
import { commitFile } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { openArtifactFile } from '#io/files.ts';
import { placeNewFile } from '#io/new-file.ts';
import { saveFile } from '#io/save.ts';
import { contextRules } from '#reviewers/context-rules.ts';
import { createRegistry } from '#reviewers/registry.ts';
import type { Drafter } from '#reviewers/improving/draft.ts';
import type { Improver, Reviewer } from '#reviewers/reviewer.ts';
import type { Store } from '#store/store.ts';

export interface Reviewing {
  /** The first is the default. */
  readonly reviewers: readonly Reviewer[];
  readonly improvers: readonly Improver[];
  readonly heartbeatTimeoutMs?: number;
  readonly fallbacks?: readonly string[];
  readonly drafters?: readonly Drafter[];
  readonly pathRules?: PathRules;
  /** Of the settings; none where absent. */
  readonly checks?: Dependencies['checks'];
}

interface DependencyParts extends Reviewing {
  readonly root: string;
  readonly store: Store;
}

export function testDependencies({ reviewers, improvers, root, store, heartbeatTimeoutMs = 3_000, fallbacks = [], checks = noChecks, drafters = [], pathRules = {} }: DependencyParts): Dependencies {
  const registry = createRegistry({ reviewers, improvers, drafters });
  return {
    store,
    registry,
    checks,
    workspace: { openArtifactFile, placeNewFile, saveFile, inspectGit, commitFile, listCandidates, changedSince },
    pathRules,
    maxArtifactBytes: 20_000_000,
    contextRules: contextRules(2_000),
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

const noChecks: Dependencies['checks'] = {
  find: (name) => Promise.reject(new AppError('Misconfigured', 'CHECK_UNKNOWN', `There is no check ${name}.`)),
  run: () => Promise.reject(new Error('no check can run here')),
  hide: (text) => text,
};
