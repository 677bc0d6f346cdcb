import { fieldNamed, itemsOf, numberOf, objectOf, textOf } from './json-fields.ts';
import type { JsonNode, ObjectNode } from './json-cursor.ts';
import type { AnswerCategory, AnswerDetails, AnswerFinding } from './reading.ts';
import { readScoreText, scaleScore } from './score-value.ts';

/** Longest list that is kept; a review has tens of remarks. */
const maxItems = 200;

/** Everything an answer says beside its score and verdict; fields of another shape than expected are left out. */
export function readDetails(node: ObjectNode, scaleMax: number): AnswerDetails {
  const conclusion = textOf(fieldNamed(node, 'conclusion', 'summary', 'overallexplanation', '結論', '総評'));
  const rationale = textOf(fieldNamed(node, 'rationale', 'reason', 'reasoning', 'explanation', '理由', '根拠'));
  const technicalNotes = notes(fieldNamed(node, 'technicalnotes', 'notes', '技術メモ'));
  const analysis = readAnalysis(node);
  const recommendations = texts(fieldNamed(node, 'recommendations', 'suggestions', 'improvements', '推奨事項', '改善案', '改善点'));
  const blockers = texts(fieldNamed(node, 'blockers', 'blockingissues', 'ブロッカー', '阻害要因'));
  const categories = readCategories(fieldNamed(node, 'categories', 'criteria', 'scores', 'breakdown', 'カテゴリ', '観点別'), scaleMax);
  const findings = readFindings(fieldNamed(node, 'findings', 'issues', 'keyissuestoreview', '指摘'));
  return {
    ...(conclusion !== undefined && { conclusion }),
    ...(rationale !== undefined && { rationale }),
    ...(analysis !== undefined && { analysis }),
    ...(recommendations !== undefined && { recommendations }),
    ...(blockers !== undefined && { blockers }),
    ...(technicalNotes !== undefined && { technicalNotes }),
    ...(categories.length > 0 && { categories }),
    ...(findings.length > 0 && { findings }),
  };
}

function notes(node: JsonNode | undefined): string | undefined {
  return textOf(node) ?? texts(node)?.join('\n');
}

function readAnalysis(node: ObjectNode): AnswerDetails['analysis'] {
  const inner = objectOf(fieldNamed(node, 'analysis', '分析')) ?? node;
  const strengths = texts(fieldNamed(inner, 'strengths', '強み', '良い点'));
  const weaknesses = texts(fieldNamed(inner, 'weaknesses', '弱み', '課題'));
  if (strengths === undefined && weaknesses === undefined) return undefined;
  return { strengths: strengths ?? [], weaknesses: weaknesses ?? [] };
}

// A list of texts, or of objects with one text that stands for them, or a single text.
function texts(node: JsonNode | undefined): string[] | undefined {
  if (node?.kind === 'string') return node.text.trim() === '' ? [] : [node.text.trim()];
  if (node?.kind !== 'array') return undefined;
  return node.items.slice(0, maxItems).flatMap((item) => textOf(item) ?? messageOf(objectOf(item)) ?? []);
}

function messageOf(node: ObjectNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  return textOf(fieldNamed(node, 'message', 'description', 'text', 'body', 'title', 'issue', 'problem', 'content', '内容', '指摘'));
}

function readFindings(node: JsonNode | undefined): AnswerFinding[] {
  return itemsOf(node)
    .slice(0, maxItems)
    .flatMap((item) => (item.kind === 'string' ? findingFromText(item.text) : readFinding(objectOf(item))));
}

function findingFromText(text: string): AnswerFinding[] {
  return text.trim() === '' ? [] : [{ message: text.trim() }];
}

function readFinding(node: ObjectNode | undefined): AnswerFinding[] {
  const message = messageOf(node);
  if (node === undefined || message === undefined) return [];
  const quote = fieldNamed(node, 'quote', 'quotedtext', 'evidence', 'excerpt', '引用');
  const line = lineOf(node);
  const category = textOf(fieldNamed(node, 'category', 'type', '分類'));
  const severity = textOf(fieldNamed(node, 'severity', 'level', 'priority', '重大度'));
  const suggestion = textOf(fieldNamed(node, 'suggestion', 'recommendation', 'fix', '提案', '改善案'));
  return [
    {
      message,
      ...(quote?.kind === 'string' && quote.text !== '' && { quote: quote.text }),
      ...(line !== undefined && { line }),
      ...(category !== undefined && { category }),
      ...(severity !== undefined && { severity }),
      ...(suggestion !== undefined && { suggestion }),
    },
  ];
}

// A 1-based line: a number, or the start of codex's code_location.line_range.
function lineOf(node: ObjectNode): number | undefined {
  const range = objectOf(fieldNamed(objectOf(fieldNamed(node, 'codelocation')) ?? node, 'linerange', 'range'));
  const line = numberOf(fieldNamed(node, 'line', 'linenumber', '行')) ?? (range && numberOf(fieldNamed(range, 'start')));
  return line !== undefined && Number.isInteger(line) && line > 0 ? line : undefined;
}

function readCategories(node: JsonNode | undefined, scaleMax: number): AnswerCategory[] {
  const named =
    node?.kind === 'object'
      ? [...node.fields].map(([name, value]) => ({ name, value }))
      : itemsOf(node).map((value) => ({ name: nameOf(objectOf(value)), value }));
  return named.slice(0, maxItems).flatMap(({ name, value }) => (name === undefined ? [] : [readCategory(name, value, scaleMax)]));
}

function nameOf(node: ObjectNode | undefined): string | undefined {
  return node && textOf(fieldNamed(node, 'name', 'criterion', 'category', 'dimension', '項目', '観点'));
}

function readCategory(name: string, value: JsonNode, scaleMax: number): AnswerCategory {
  const node = objectOf(value);
  const comment = node && textOf(fieldNamed(node, 'comment', 'reason', 'rationale', 'summary', 'feedback', 'コメント', '理由'));
  const written = node ? fieldNamed(node, 'score', 'rating', 'value', '点数', 'スコア') : value;
  const text = written?.kind === 'number' ? written.text : (textOf(written) ?? '');
  const claim = readScoreText(text);
  return { name, score: claim === undefined ? null : scaleScore(claim, scaleMax).score, ...(comment !== undefined && { comment }) };
}
