import { fencedBlocks } from './fenced-blocks.ts';
import type { FencedBlock } from './fenced-blocks.ts';
import { edgeLines, endOfSentence, isTableRow, nextFilledLine, readableLine, tableAround } from './lines.ts';
import type { Line } from './lines.ts';
import { isAnswered, isLabelOnly, isValueOnly } from './labelled-values.ts';

/** A line of an answer that may speak of score, verdict or readiness, or a whole table. */
export interface Statement {
  readonly text: string;
  /** Spaces before it. */
  readonly indent: number;
  /** Inside a fenced block: it counts only if nothing outside speaks. */
  readonly isFenced: boolean;
  readonly isLast: boolean;
  /** The rows, where the line is one of a table. */
  readonly table?: readonly string[];
}

export interface Statements {
  readonly statements: readonly Statement[];
  /** The first and the last line that are not blank: where a bare number or verdict stands. */
  readonly first: string;
  readonly last: string;
  /** More lines speak of the score than anybody writes: none of them is to be believed. */
  readonly isOverfull: boolean;
}

/** Both bound the time that an answer takes; a long review has a few hundred lines that matter. */
const maxStatements = 1500;
const maxCharacters = 100_000;

// A line is looked at only if one of these is in it.
const anchor = new RegExp(
  'score|rating|rated?\\b|\\bg[ia]ve\\b|deserves|result|approv|grade|overall|total|verdict|decision|judge?ment|recommendation|conclusion|status|outcome|quality|evaluation|assessment|' +
    'ready|implement|proceed|lgtm|ship it|merge|out of|[/／] ?[\\d０-９]|[\\d０-９]\\s?[%％点]|[★⭐]|' +
    '評価|スコア|点数|得点|評点|総合|合計|採点|ランク|判定|結論|判断|合否|合格|結果|承認|実装|準備|着手|目標',
  'gi',
);

interface Walk {
  readonly text: string;
  readonly blocks: readonly FencedBlock[];
  readonly statements: Statement[];
  at: number;
  block: number;
  rows: number;
  characters: number;
}

/** The lines that matter, in order, each once. Time is linear in the length of the text. */
export function findStatements(text: string): Statements {
  const walk: Walk = { text, blocks: fencedBlocks(text), statements: [], at: 0, block: 0, rows: 0, characters: 0 };
  const edges = edgeLines(text);
  anchor.lastIndex = 0;
  for (let found = anchor.exec(text); found !== null; found = anchor.exec(text)) {
    const next = takeLine(walk, found.index, edges.last);
    if (walk.rows > maxStatements || walk.characters > maxCharacters) return { statements: [], first: '', last: '', isOverfull: true };
    walk.at = Math.max(next, found.index + found[0].length);
    anchor.lastIndex = walk.at;
  }
  return { statements: walk.statements, first: short(text, edges.first), last: short(text, edges.last), isOverfull: false };
}

// Where to look on after the line of this anchor.
function takeLine(walk: Walk, index: number, last: Line): number {
  const { text } = walk;
  const block = blockAt(walk, index);
  if (block?.isCode === true) return block.end;
  const line = readableLine(text, index, walk.at);
  if (line === undefined) return endOfSentence(text, index);
  if (isQuotation(text, line)) return line.end;
  const context = { indent: indentOf(text, line), isFenced: block !== undefined, isLast: line.end >= last.end };
  if (isTableRow(text, line)) {
    const { rows, end } = tableAround(text, line, walk.at);
    push(walk, { ...context, text: text.slice(line.start, line.end), table: rows }, rows.length);
    return end;
  }
  const joined = joinedLine(text, line);
  push(walk, { ...context, ...joined.statement, isLast: joined.end >= last.end }, 1);
  return joined.end;
}

function push(walk: Walk, statement: Statement, rows: number): void {
  walk.statements.push(statement);
  walk.rows += rows;
  walk.characters += statement.text.length;
}

function blockAt(walk: Walk, index: number): FencedBlock | undefined {
  while ((walk.blocks[walk.block]?.end ?? Number.POSITIVE_INFINITY) <= index) walk.block += 1;
  const block = walk.blocks[walk.block];
  return block !== undefined && block.start <= index ? block : undefined;
}

/** How far the beginning of a long line is looked for. */
const farBack = 4000;

function isQuotation(text: string, line: Line): boolean {
  const before = text.slice(Math.max(0, line.start - farBack), line.start);
  return /^\s{0,8}>/.test(text.slice(line.start - before.length + before.lastIndexOf('\n') + 1, line.end).slice(0, 10));
}

function indentOf(text: string, line: Line): number {
  return /^[ \t]{0,40}/.exec(text.slice(line.start, line.start + 40))?.[0].length ?? 0;
}

// "## Overall score" or "結論：" and, below it, nothing but the value.
function joinedLine(text: string, line: Line): { readonly statement: { readonly text: string }; readonly end: number } {
  const label = text.slice(line.start, line.end);
  const below = isLabelOnly(label) ? nextFilledLine(text, line.end) : undefined;
  const value = below && text.slice(below.start, below.end);
  if (below === undefined || value === undefined || !(isValueOnly(value) || isAnswered(label, value))) return { statement: { text: label }, end: line.end };
  return { statement: { text: `${label.replace(/[:：\s*_]+$/, '')}: ${value.trim()}` }, end: below.end };
}

function short(text: string, line: Line): string {
  return line.end - line.start > 400 ? '' : text.slice(line.start, line.end);
}
