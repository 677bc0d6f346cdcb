import type { RunState } from '#domain/report.ts';
import { scoreWord } from '#reports/wording.ts';
import type { RunProgress } from './await-run.ts';

const words: Readonly<Record<RunState, string>> = {
  queued: 'queued',
  reviewing: 'reviewing',
  improving: 'improving',
  saving: 'saving',
  waiting_for_decision: 'waiting for a decision',
  paused: 'paused',
  parked: 'parked',
  completed: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
};

const phaseWords: Readonly<Record<string, string>> = { draft: 'drafting', others: 'waiting for the other drafted files', open: 'opening', save: 'saving', commit: 'committing', report: 'writing the report' };

/** What is done, which iteration, the score so far: the same words as long as nothing changes. Null: no worker has answered yet. */
export function progressParts(progress: RunProgress | null): string[] {
  if (progress === null) return ['queued'];
  if (progress.total !== undefined) return [`${progress.done ?? 0} of ${progress.total} reviewed`];
  const { state, phase, iteration, maxIterations, score, targetScore } = progress;
  return [
    phaseWords[phase] ?? words[state],
    ...(iteration > 0 ? [`iteration ${iteration} of ${maxIterations}`] : []),
    ...(score === null ? [] : [`score ${scoreWord(score)} of ${scoreWord(targetScore)}`]),
  ];
}
