import { booleanOf, fieldNamed, fieldsNamed, numberOf, objectOf, plainKey, textOf } from './json-fields.ts';
import type { JsonNode, ObjectNode } from './json-cursor.ts';
import { readGrade, readScoreText } from './score-value.ts';
import type { ScoreClaim } from './score-value.ts';
import { readYesNo, readyFrom, verdictMeaning } from './verdict.ts';

/** What one JSON object claims. */
export interface JsonAnswer {
  /** The object that holds the claims: the outer one, or the one it wraps. */
  readonly node: ObjectNode;
  /** 'unreadable': there is a score field and no number in it. */
  readonly score?: ScoreClaim | 'unreadable' | 'conflicting';
  /** Present also when its value is neither yes nor no: then null. */
  readonly ready?: boolean | null;
  readonly verdict?: string;
  readonly grade?: string;
  readonly nonce?: string;
}

const scoreKeys = new Set([
  'score', 'overallscore', 'totalscore', 'finalscore', 'qualityscore', 'evaluationscore', 'scoretotal', 'scoreoverall', 'weightedscore',
  'rating', 'overallrating', 'finalrating', 'overall', '総合評価', '総合スコア', '総合点', '総合得点', 'スコア', '点数', '評価点', '得点', '評点',
]);
const maxKeys = new Set(['max', 'maxscore', 'scoremax', 'scalemax', 'maximum', 'maximumscore', 'outof', 'scale', 'maxrating', 'ratingscale', 'scorescale', 'ratingmax', 'maxtotal', 'maxtotalscore', 'totalmax', 'maxpoints', 'maxpossible', 'maxpossiblescore', '満点']);
const readyKeys = new Set([
  'ready', 'isready', 'readyforimplementation', 'isreadyforimplementation', 'implementationready', 'readytoimplement', 'readytoship',
  'readytomerge', 'readyforproduction', 'readyformerge', 'canimplement', 'canproceed', '実装可能', '実装準備完了', '準備完了', '実装準備',
]);
const approvalKeys = new Set(['approved', 'approve', 'isapproved', 'passed', 'pass', 'accepted', 'accept', 'lgtm', 'shouldmerge', '合格', '承認']);
const verdictKeys = new Set(['verdict', 'finalverdict', 'decision', 'finaldecision', 'judgement', 'judgment', 'overallcorrectness', '判定', '最終判定', '総合判定', '合否']);
// Words that are often a verdict and often something else: taken only with a verdict in them.
const weakVerdictKeys = new Set(['status', 'result', 'recommendation', 'conclusion', 'outcome', 'action', 'assessment', 'state', 'event', '結論', '結果']);
const gradeKeys = new Set(['grade', 'lettergrade', 'overallgrade', 'rank', 'ランク', '評価ランク', 'グレード']);
// 'evaluation', 'review_result', 'final_answer', 'data': an object under such a key is the answer itself.
const wrapperKey = /^(?:final|overall)?(?:evaluation|review|assessment|result|output|answer|response|report|judge?ment|verdict|data|summary|overall|structuredoutput|評価)(?:results?|結果)?$/;
const criterionKeys = new Set(['name', 'criterion', 'category', 'dimension', 'aspect', 'metric', 'item', '項目', '観点']);
const maxWrapping = 3;

/**
 * The claims of an object, or undefined if it is not an answer: a JSON Schema, one criterion of several, or an object about
 * something else. Strict mode takes a number for a score and a boolean for ready, nothing else.
 */
export function readJsonAnswer(node: ObjectNode, isStrict: boolean, depth = 0): JsonAnswer | undefined {
  if (isSchema(node) || isCriterion(node)) return undefined;
  const answer = isStrict ? strictClaims(node) : claims(node);
  const inner = depth === maxWrapping ? undefined : wrappedAnswer(node, isStrict, depth + 1);
  if (Object.keys(answer).some((claim) => claim !== 'node' && claim !== 'nonce')) return { ...inner, ...answer };
  return inner && { ...answer, ...inner };
}

// {"evaluation": {…}}, {"overall": {"score": …, "ready": …}}: the outer object's own claims come first.
function wrappedAnswer(node: ObjectNode, isStrict: boolean, depth: number): JsonAnswer | undefined {
  for (const [key, value] of node.fields) {
    const wrapped = wrapperKey.test(plainKey(key)) ? objectOf(value) : undefined;
    const inner = wrapped && readJsonAnswer(wrapped, isStrict, depth);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function strictClaims(node: ObjectNode): JsonAnswer {
  const score = readScoreFields(node, (value) => (value.kind === 'number' ? numberClaim(value) : undefined));
  const ready = fieldsNamed(node, readyKeys).map(({ value }) => booleanOf(value) ?? null);
  return { node, ...(score && { score }), ...(ready.length > 0 && { ready: agreed(ready) }), ...verdictAndGrade(node), ...nonceOf(node) };
}

function claims(node: ObjectNode): JsonAnswer {
  const score = readScoreFields(node, scoreFrom);
  const ready = readyClaims(node);
  const approval = approvalVerdict(node);
  const { verdict = approval, grade = scoreGrade(node) } = verdictAndGrade(node);
  return {
    node,
    ...(score && !(score === 'unreadable' && grade !== undefined) && { score }),
    ...(ready.length > 0 && { ready: agreed(ready) }),
    ...(verdict !== undefined && { verdict }),
    ...(grade !== undefined && { grade }),
    ...nonceOf(node),
  };
}

function isSchema(node: ObjectNode): boolean {
  return node.fields.has('$schema') || (node.fields.has('properties') && node.fields.has('type'));
}

// One row of a list of criteria has a name and a number of its own; a whole answer has more to say.
function isCriterion(node: ObjectNode): boolean {
  const keys = [...node.fields.keys()].map(plainKey);
  return keys.some((key) => criterionKeys.has(key)) && !keys.some((key) => readyKeys.has(key) || verdictKeys.has(key) || /^(?:overall|total|final)/.test(key));
}

type FoundScore = JsonAnswer['score'];

function readScoreFields(node: ObjectNode, read: (value: JsonNode) => ScoreClaim | undefined): FoundScore {
  const fields = fieldsNamed(node, scoreKeys);
  const scores = objectOf(fieldNamed(node, 'scores', 'ratings'));
  if (fields.length === 0 && scores) fields.push(...fieldsNamed(scores, new Set(['overall', 'total', 'final', 'overallscore', '総合'])));
  if (fields.length === 0) return undefined;
  const found = fields.map(({ value }) => read(value)).filter((claim) => claim !== undefined);
  const [first] = found;
  if (first === undefined) return fields.every(({ value }) => value.kind === 'object') ? undefined : 'unreadable';
  if (found.some((claim) => claim.value !== first.value)) return 'conflicting';
  return { ...first, max: first.max ?? maxOf(node) };
}

function scoreFrom(value: JsonNode): ScoreClaim | undefined {
  if (value.kind === 'number') return numberClaim(value);
  if (value.kind === 'string') return readScoreText(value.text);
  if (value.kind !== 'object') return undefined;
  const inner = fieldNamed(value, 'value', 'overall', 'total', 'final', 'score', 'points');
  const claim = inner && inner.kind !== 'object' ? scoreFrom(inner) : undefined;
  return claim && { ...claim, max: claim.max ?? maxOf(value) };
}

// NaN is no number; 1e999 is one, and out of every range.
function numberClaim(node: Extract<JsonNode, { kind: 'number' }>): ScoreClaim | undefined {
  const isWord = /[a-z]/i.test(node.text.replace(/e/i, ''));
  return isWord ? undefined : { raw: node.text, value: node.value, max: null };
}

function maxOf(node: ObjectNode): number | null {
  const [field] = fieldsNamed(node, maxKeys);
  if (field === undefined) return null;
  const range = /^\s?(?:\d{1,2}\s?[-–~〜]\s?)?(\d{1,3})\s?$/.exec(textOf(field.value) ?? '');
  const max = numberOf(field.value) ?? Number(range?.[1] ?? Number.NaN);
  return Number.isFinite(max) && max > 0 ? max : null;
}

function readyClaims(node: ObjectNode): (boolean | null)[] {
  const direct = fieldsNamed(node, readyKeys).map(({ value }) => booleanOf(value) ?? readYesNo(textOf(value) ?? ''));
  const approvals = fieldsNamed(node, approvalKeys).flatMap(({ value }) => booleanOf(value) ?? []);
  return [...direct, ...approvals];
}

function approvalVerdict(node: ObjectNode): string | undefined {
  const [approval] = fieldsNamed(node, approvalKeys).filter(({ value }) => value.kind === 'boolean');
  return approval && (booleanOf(approval.value) === true ? approval.key : `not ${approval.key}`);
}

function verdictAndGrade(node: ObjectNode): { verdict?: string; grade?: string } {
  const strong = fieldsNamed(node, verdictKeys).map(({ value }) => textOf(value));
  const weak = fieldsNamed(node, weakVerdictKeys)
    .map(({ value }) => textOf(value))
    .filter((text) => text !== undefined && text.length <= 40 && verdictMeaning(text) !== undefined);
  const verdict = [...strong, ...weak].find((text) => text !== undefined && text.length <= 80);
  const grade = fieldsNamed(node, gradeKeys).flatMap(({ value }) => readGrade(textOf(value) ?? '') ?? [])[0];
  return { ...(verdict !== undefined && { verdict }), ...(grade !== undefined && { grade }) };
}

// {"score": "B+"}: a letter where a number was asked for.
function scoreGrade(node: ObjectNode): string | undefined {
  return fieldsNamed(node, scoreKeys).flatMap(({ value }) => readGrade(textOf(value) ?? '') ?? [])[0];
}

function nonceOf(node: ObjectNode): { nonce?: string } {
  const value = fieldNamed(node, 'nonce');
  const nonce = value?.kind === 'number' ? value.text : textOf(value);
  return nonce === undefined ? {} : { nonce };
}

function agreed(values: readonly (boolean | null)[]): boolean | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** `ready` as an answer says it: its field, else its verdict; null where the two contradict each other. */
export function readyOf(answer: Pick<JsonAnswer, 'ready' | 'verdict'>): boolean | null {
  const judged = answer.verdict === undefined ? null : readyFrom(verdictMeaning(answer.verdict));
  if (answer.ready === undefined) return judged;
  return judged === null || judged === answer.ready ? answer.ready : null;
}
