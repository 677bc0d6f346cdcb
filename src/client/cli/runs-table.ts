import type { RunLine } from '#client/list-runs.ts';
import { scoreWord, timeWord } from '#reports/wording.ts';
import { table } from './table.ts';

/** Runs as a table: id, state, score before and after, target, artifact, start. */
export function runsTable(runs: readonly RunLine[]): string {
  return table(['RUN', 'STATE', 'SCORE', 'TARGET', 'STARTED', 'ARTIFACT'], runs.map(row));
}

function row({ runId, state, outcome, initialScore, score, targetScore, startedAt, artifact, kind }: RunLine): string[] {
  const before = initialScore === null || initialScore === score ? '' : `${scoreWord(initialScore)} -> `;
  const word = (state === 'completed' && outcome !== null ? outcome : state).replaceAll('_', ' ');
  return [runId, word, before + scoreWord(score), scoreWord(targetScore), timeWord(startedAt), kind === 'batch' ? `${artifact} (batch)` : artifact];
}
