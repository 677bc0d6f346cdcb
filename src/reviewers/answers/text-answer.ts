import { chooseScore } from './choose-score.ts';
import type { ChosenScore, PlacedClaim } from './choose-score.ts';
import { foldWidth } from './clean-text.ts';
import { isReadyLabel, labelledValue, verdictLabel } from './labelled-values.ts';
import { answerToQuestion, checkedReady, readySaid } from './readiness.ts';
import { scoreClaims } from './score-claims.ts';
import type { Sentence } from './score-claims.ts';
import { scoreLabel, scoreRole } from './score-labels.ts';
import { readGrade, readScoreText } from './score-value.ts';
import { sentencesOf } from './sentences.ts';
import { starClaim } from './stars.ts';
import { findStatements } from './statements.ts';
import type { Statement } from './statements.ts';
import { tableSentences } from './tables.ts';
import { protocolVerdict } from './protocol-verdict.ts';
import { readYesNo, readyFrom, verdictMeaning } from './verdict.ts';
import { elementSentences } from './elements.ts';

/** What structured text says of the answer as a whole. */
export interface TextAnswer {
  readonly score: ChosenScore;
  readonly ready: boolean | null;
  readonly verdict?: string;
  readonly grade?: string;
  /** Too many lines speak of the score. */
  readonly isOverfull: boolean;
}

interface Said {
  readonly claims: PlacedClaim[];
  readonly ready: { readonly value: boolean; readonly isLabelled: boolean }[];
  readonly verdicts: string[];
  readonly grades: string[];
}

/** A review has a few hundred sentences that speak of score or readiness; the bound keeps the time short. */
const maxSentences = 3000;

/** Reads headings, tables, labelled lines, verdict lines and plain sentences, in English and Japanese. */
export function readTextAnswer(text: string): TextAnswer {
  const { statements, first, last, isOverfull } = findStatements(text);
  const lines = statements.map((statement) => ({ statement, sentences: sentencesOfStatement(statement) }));
  const count = lines.reduce((sum, { sentences }) => sum + sentences.length, 0);
  if (isOverfull || count > maxSentences) return { score: { kind: 'none' }, ready: null, isOverfull: true };
  const outside = said(lines.filter(({ statement }) => !statement.isFenced));
  const spoken = isSilent(outside) ? said(lines) : outside;
  const verdict = spoken.verdicts[0] ?? protocolVerdict(first, last);
  const score = chooseScore([...spoken.claims, ...bareScore(first), ...bareScore(last)]);
  const [grade] = spoken.grades;
  const words = { ...(verdict !== undefined && { verdict }), ...(grade !== undefined && { grade }) };
  return { score, ready: readyOf(spoken, verdict), isOverfull: false, ...words };
}

interface SpokenLine {
  readonly statement: Statement;
  readonly sentences: readonly Sentence[];
}

function isSilent({ claims, ready, verdicts, grades }: Said): boolean {
  return claims.length + ready.length + verdicts.length + grades.length === 0;
}

function said(lines: readonly SpokenLine[]): Said {
  const result: Said = { claims: [], ready: [], verdicts: [], grades: [] };
  for (const { statement, sentences } of lines) {
    sentences.forEach((sentence, index) => hear(result, sentence, { next: sentences[index + 1]?.text ?? '', indent: statement.indent }));
    const checked = checkedReady(statement.text);
    if (checked !== undefined) result.ready.push({ value: checked, isLabelled: true });
  }
  return result;
}

function sentencesOfStatement(statement: Statement): Sentence[] {
  const parts = statement.table === undefined ? elementSentences(statement.text) : tableSentences(statement.table);
  if (parts !== undefined) return parts.flatMap((part) => sentencesOf(part, false));
  return sentencesOf(statement.text, statement.isLast);
}

function hear(result: Said, sentence: Sentence, around: { next: string; indent: number }): void {
  for (const claim of [...scoreClaims(sentence), ...starClaim(sentence)]) result.claims.push({ ...claim, indent: around.indent });
  const labelled = labelledValue(sentence.text);
  if (labelled !== undefined && hearLabel(result, labelled.label, labelled.value)) return;
  const ready = readySaid(sentence.text);
  const answer = ready === 'asks' ? answerToQuestion(around.next) : ready;
  if (answer !== undefined) result.ready.push({ value: answer, isLabelled: false });
}

// True if the label says what the value is, so that the sentence is not read a second time.
function hearLabel(result: Said, label: string, value: string): boolean {
  if (isReadyLabel(label)) {
    const ready = readYesNo(value);
    if (ready !== null) result.ready.push({ value: ready, isLabelled: true });
    return true;
  }
  const verdict = isVerdictAsMark(label, value) ? 'strong' : verdictLabel(label);
  if (verdict !== undefined) return hearVerdict(result, verdict, value);
  hearGrade(result, label, value);
  return false;
}

// "評価：不合格": other words after this label are praise or a mark.
function isVerdictAsMark(label: string, value: string): boolean {
  return /^(?:総合)?評価(?:結果)?$/.test(label) && /^(?:不?合格|却下|要改善|要修正|差し?戻し)/.test(value);
}

function hearVerdict(result: Said, strength: 'strong' | 'weak', value: string): boolean {
  const wording = value.split(/\s[-–—(]|[.,;:。、（(|]/)[0]?.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '') ?? '';
  if (isChoice(value)) return true;
  const isShort = wording.length <= (strength === 'strong' ? 80 : 30) && wording.split(/\s/).length <= (strength === 'strong' ? 8 : 3);
  if (!isShort || verdictMeaning(wording) === undefined || readScoreText(wording) !== undefined) return false;
  result.verdicts.push(wording);
  return true;
}

// "APPROVE | REQUEST_CHANGES" is the form, not the answer.
function isChoice(value: string): boolean {
  const [first = '', second] = value.slice(0, 80).split(/\s?(?:[|/]|\bor\b)\s?/);
  return second !== undefined && verdictMeaning(first) !== undefined && verdictMeaning(second) !== undefined;
}

const gradeValue = /^([ABCDEFS][+-]|A\+\+|SS|[ABCDEFS])(?=$|ランク|評価|です|\s{0,2}[(.,;:。、/—–]|\s[-–—]|\s{1,2}[\u3040-\u9fff])/;

function hearGrade(result: Said, label: string, value: string): void {
  const kind = scoreLabel(label);
  if (kind !== 'overall' && kind !== 'plain') return;
  const role = scoreRole(label, '');
  if (role !== null && role !== 'current') return;
  const grade = readGrade(gradeValue.exec(foldWidth(value))?.[1] ?? '');
  if (grade !== undefined) result.grades.push(grade);
}

// A judge's number alone on the first or the last line.
function bareScore(line: string): PlacedClaim[] {
  const claim = readScoreText(foldWidth(line).replace(/[*_`#]/g, '').trim().replace(/^\[\[(.{1,8})\]\]$/, '$1'));
  return claim === undefined ? [] : [{ kind: 'score', claim, rank: 1, indent: 0 }];
}

// A label or verdict counts before plain sentences; whoever contradicts himself has said nothing, or no.
function readyOf(spoken: Said, verdict: string | undefined): boolean | null {
  const verdicts = spoken.verdicts.length > 0 ? spoken.verdicts : [verdict ?? ''];
  const judged = verdicts.map((wording) => readyFrom(verdictMeaning(wording))).filter((value) => value !== null);
  const labelled = spoken.ready.filter(({ isLabelled }) => isLabelled).map(({ value }) => value);
  const plain = spoken.ready.filter(({ isLabelled }) => !isLabelled).map(({ value }) => value);
  const firm = [...labelled, ...judged];
  const hasNo = firm.includes(false) || plain.includes(false);
  if (firm.length === 0) return hasNo ? (plain.includes(true) ? null : false) : plain.includes(true) ? true : null;
  if (firm.includes(true)) return hasNo ? null : true;
  return false;
}
