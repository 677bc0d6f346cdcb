import type { RunLine } from '#client/list-runs.ts';
import { scoreWord, timeWord } from '#reports/wording.ts';
import { table } from './table.ts';

/** Runs as a table: id, state, score before and after, target, artifact, start. */
export function runsTable(runs: readonly RunLine[]): string {
  return table(['RUN', 'STATE', 'SCORE', 'TARGET', 'STARTED', 'ARTIFACT'], runs.map(row));
}

function row(run: RunLine): string[] {
  const { runId, initialScore, score, targetScore, startedAt, artifact, kind } = run;
  const before = initialScore === null || initialScore === score ? '' : `${scoreWord(initialScore)} -> `;
  return [runId, standing(run), before + scoreWord(score), scoreWord(targetScore), timeWord(startedAt), kind === 'batch' ? `${artifact} (batch)` : artifact];
}

function standing({ state, outcome, error }: RunLine): string {
  const word = (state === 'completed' && outcome !== null ? outcome : state).replaceAll('_', ' ');
  return state === 'completed' && error !== null ? `${word}, but ${error.code}` : word;
}
