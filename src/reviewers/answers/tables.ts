import { foldWidth } from './clean-text.ts';
import { isReadyLabel, plainLabel, verdictLabel } from './labelled-values.ts';
import { scoreLabel, scoreRole } from './score-labels.ts';
import { readScoreText } from './score-value.ts';

const scaleColumn = /^(?:max|maximum|max score|full|full marks|out of|possible|満点|配点|最大)$/;
const scoreColumn = /score|point|rating|mark|value|result|grade|evaluation|点|スコア|評価|得点|結果|値/;

/** What a table says of the whole, as sentences: 'Overall score: 68/100'. Rows of single criteria say nothing. */
export function tableSentences(rows: readonly string[]): string[] {
  const cells = rows.map(cellsOf);
  const header = cells[0] ?? [];
  const body = cells.slice(1).filter((row) => !row.every((cell) => /^[\s:-]*$/.test(cell)));
  if (body.length === 1 && header.length > 1 && isAcross(header)) return across(header, body[0] ?? []);
  return [header, ...body].flatMap((row) => rowSentence(header, row) ?? []);
}

function cellsOf(row: string): string[] {
  const cells = row.trim().split('|').slice(0, 40);
  return cells.slice(1, cells.at(-1)?.trim() === '' ? -1 : undefined).map((cell) => foldWidth(cell).replace(/[*_`]/g, ' ').trim());
}

// | Score | Ready | over one row of values.
function isAcross(header: readonly string[]): boolean {
  return header.every((cell) => !/\d/.test(cell)) && isOwnLabel(header[0] ?? '');
}

function isOwnLabel(cell: string): boolean {
  const kind = scoreLabel(cell);
  const label = plainLabel(cell);
  return kind === 'overall' || kind === 'plain' || isReadyLabel(label) || verdictLabel(label) !== undefined;
}

function across(header: readonly string[], values: readonly string[]): string[] {
  return header.flatMap((label, column) => (isOwnLabel(label) ? [`${label}: ${values[column] ?? ''}`] : []));
}

function rowSentence(header: readonly string[], row: readonly string[]): string | undefined {
  const [label = '', ...values] = row;
  const [value = ''] = values;
  if (values.length === 1 && isPair(label, value)) return pairSentence(label, value, header[1] ?? '');
  if (scoreLabel(label) !== 'overall' || row === header) return undefined;
  return overallSentence(label, header, values);
}

function overallSentence(label: string, header: readonly string[], values: readonly string[]): string | undefined {
  const columns = values.map((value, index) => ({ value, name: plainLabel(header[index + 1] ?? '') }));
  const max = columns.find(({ name }) => scaleColumn.test(name));
  const scores = columns.filter((column) => column !== max && isScoreColumn(column.name) && readScoreText(column.value) !== undefined);
  const [score] = scores;
  if (scores.length !== 1 || score === undefined) return undefined;
  const scale = max !== undefined && !/[/%]/.test(score.value) ? `/${max.value}` : '';
  return `${withNoun(label)}: ${score.value}${scale}`;
}

// A heading "Score" over a heading "Ready" is no pair.
function isPair(label: string, value: string): boolean {
  return !/\d/.test(label) && isOwnLabel(label) && !isOwnLabel(value);
}

// "Total" over a column of counts is not a score.
function pairSentence(label: string, value: string, column: string): string | undefined {
  const isBare = scoreLabel(label) === 'overall' && !/score|rating|grade|mark|スコア|評価|点/i.test(label);
  return isBare && !isScoreColumn(plainLabel(column)) ? undefined : `${withNoun(label)}: ${value}`;
}

function isScoreColumn(name: string): boolean {
  const role = scoreRole(name, '');
  return scoreColumn.test(name) && (role === null || role === 'current');
}

// "Total" in a table of scores is the total score.
function withNoun(label: string): string {
  if (scoreLabel(label) !== 'overall') return label;
  return /[\u3040-\u9fff]/.test(label) ? '総合スコア' : 'Overall score';
}
