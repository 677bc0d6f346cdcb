import { readFileSync } from 'node:fs';
import { readAnswer } from '#reviewers/answers/read-answer.ts';
import type { ReadOptions, Reading } from '#reviewers/answers/read-answer.ts';

export interface Expected {
  readonly score: number | null;
  readonly ready: boolean | null;
  readonly score_raw: string | null;
  readonly scale_max: number | null;
  readonly grade: string | null;
  readonly verdict: string | null;
  readonly outcome: string;
}

/** One answer with the reading that a careful person gives it. */
export interface Evaluation {
  readonly id: string;
  readonly text: string;
  readonly options: ReadOptions;
  readonly expected: Expected;
  readonly mustNotScore: readonly number[];
  readonly acceptReady: readonly (boolean | null)[];
}

interface Row {
  readonly id?: string;
  readonly file?: string;
  readonly text?: string;
  readonly hint: { scale_max: 10 | 100; cli: ReadOptions['cli'] | null; mode?: ReadOptions['mode']; nonce?: string };
  readonly expected: Expected;
  readonly must_not_score: number[];
  readonly accept_ready?: (boolean | null)[];
}

const folder = new URL('../../fixtures/evaluations/', import.meta.url);

/** The answers of 'index.jsonl', each in a file of its own, or of 'held-out.jsonl', texts and all. */
export function evaluationsOf(file: 'index.jsonl' | 'held-out.jsonl'): Evaluation[] {
  return jsonLines<Row>(file).map((row) => ({
    id: row.id ?? row.file ?? '',
    text: row.text ?? readFileSync(new URL(row.file ?? '', folder), 'utf8'),
    options: {
      mode: row.hint.mode ?? 'flexible',
      scaleMax: row.hint.scale_max,
      ...(row.hint.cli && { cli: row.hint.cli }),
      ...(row.hint.nonce !== undefined && { nonce: row.hint.nonce }),
    },
    expected: row.expected,
    mustNotScore: row.must_not_score,
    acceptReady: row.accept_ready ?? [],
  }));
}

export function jsonLines<T>(file: string): T[] {
  const lines = readFileSync(new URL(file, folder), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

/** The reading in the fields of `expected`. */
export function told(reading: Reading): Expected {
  const { score, ready, scoreRaw, scaleMax, outcome, grade = null, verdict = null } = reading;
  return { score, ready, score_raw: scoreRaw, scale_max: scaleMax, grade, verdict, outcome };
}

export interface Tally {
  readonly right: number;
  readonly total: number;
  readonly invented: number;
  readonly falseReady: number;
  readonly wrong: readonly string[];
}

/** Right is every field; invented a score that nobody would read; false ready a yes that the answer does not say. */
export function tally(evaluations: readonly Evaluation[]): Tally {
  let [invented, falseReady] = [0, 0];
  const wrong: string[] = [];
  for (const { id, text, options, expected, mustNotScore, acceptReady } of evaluations) {
    const said = told(readAnswer(text, options));
    const isReadyFine = said.ready === expected.ready || acceptReady.includes(said.ready);
    if (said.score !== null && (said.score !== expected.score || mustNotScore.includes(said.score))) invented += 1;
    if (said.ready === true && !isReadyFine) falseReady += 1;
    const isSame = JSON.stringify({ ...said, ready: null }) === JSON.stringify({ ...fields(expected), ready: null });
    if (!isSame || !isReadyFine) wrong.push(`${id}: ${JSON.stringify(said)}`);
  }
  return { right: evaluations.length - wrong.length, total: evaluations.length, invented, falseReady, wrong };
}

function fields({ score, ready, score_raw, scale_max, grade, verdict, outcome }: Expected): Expected {
  return { score, ready, score_raw, scale_max, grade, verdict, outcome };
}
