import { check } from './check-revision.ts';
import { closeUnopened } from './close-unopened.ts';
import { commitRevision } from './commit-revision.ts';
import type { Dependencies } from './dependencies.ts';
import { draft } from './draft-artifact.ts';
import { expandBatch } from './expand-batch.ts';
import { improve } from './improve-revision.ts';
import { loadRun } from './load-run.ts';
import { openArtifact } from './open-artifact.ts';
import { prepareDraft } from './prepare-draft.ts';
import { publishBatch } from './publish-batch.ts';
import { publishReport } from './publish-report.ts';
import { review } from './review-revision.ts';
import { saveRevision } from './save-revision.ts';

/** Activities by the kind of task queue that runs them; reviewing and improving run on every reviewer queue. */
export function createActivities(deps: Dependencies) {
  const reviewing = { review: review(deps), improve: improve(deps), draft: draft(deps) };
  return {
    analysis: reviewing,
    llm: reviewing,
    workspace: {
      openArtifact: openArtifact(deps),
      prepareDraft: prepareDraft(deps),
      expandBatch: expandBatch(deps),
      loadRun: loadRun(deps),
      saveRevision: saveRevision(deps),
      commitRevision: commitRevision(deps),
      check: check(deps),
    },
    report: { publishReport: publishReport(deps), publishBatch: publishBatch(deps), closeUnopened: closeUnopened(deps) },
  };
}

/** Names and types of every activity, for workflows; the names live in histories. */
export type Activities = ReturnType<typeof createActivities>;
