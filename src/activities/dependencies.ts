import type { Registry } from '#reviewers/registry.ts';
import type { Store } from '#store/store.ts';
import type { RequestDefaults } from '#wire/read-request.ts';
import type { commitFile } from '#io/git/commit.ts';
import type { inspectGit } from '#io/git/inspect.ts';
import type { listCandidates, changedSince } from '#io/git/candidates.ts';
import type { openArtifactFile } from '#io/files.ts';
import type { placeNewFile } from '#io/new-file.ts';
import type { saveFile } from '#io/save.ts';
import type { PathRules } from '#domain/path-rule.ts';
import type { Checks } from '#client/worker-checks.ts';

/** Files and git of the host that runs the workspace queue. */
export interface Workspace {
  readonly openArtifactFile: typeof openArtifactFile;
  readonly placeNewFile: typeof placeNewFile;
  readonly saveFile: typeof saveFile;
  readonly inspectGit: typeof inspectGit;
  readonly commitFile: typeof commitFile;
  readonly listCandidates: typeof listCandidates;
  readonly changedSince: typeof changedSince;
}

/** What models are shown of a project beside the artifact. */
export interface ContextRules {
  /** Of listing and files together. */
  readonly tokens: number;
  /** Lines of a text, from 1, on which it speaks to whoever judges it. */
  readonly linesForJudges: (text: string, path: string) => readonly number[];
  /** Passages of a text that are keys, tokens or passwords. */
  readonly secretsIn: (text: string) => Promise<readonly string[]>;
}

/** What activities are made of; tests hand in a failing reviewer or a slow store here. */
export interface Dependencies {
  readonly store: Store;
  readonly registry: Registry;
  readonly workspace: Workspace;
  readonly checks: Checks;
  readonly defaults: RequestDefaults;
  readonly pathRules: PathRules;
  readonly maxArtifactBytes: number;
  readonly contextRules: ContextRules;
  /** Subject of commits; {name}, {initial_score} and {score} are filled in. */
  readonly commitSubject: string;
  /** How long a worker may be silent before its step is tried elsewhere. */
  readonly heartbeatTimeoutMs: number;
}
