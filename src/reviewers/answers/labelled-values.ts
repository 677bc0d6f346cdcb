import { foldWidth } from './clean-text.ts';
import { scoreLabel } from './score-labels.ts';
import { readGrade, readScoreText } from './score-value.ts';
import { readYesNo, verdictMeaning } from './verdict.ts';

export interface LabelledValue {
  readonly label: string;
  readonly value: string;
}

const separator = /\s?[:：=]\s{0,8}|は(?=「|\s?[ABCDEFS][+-]?(?:$|[。、 (（で]))|\s[—–-]\s/;

/** 'Verdict: PASS' as its two sides, or undefined for a sentence without a short label. */
export function labelledValue(sentence: string): LabelledValue | undefined {
  const found = separator.exec(sentence.slice(0, 70));
  if (found === null) return undefined;
  const label = plainLabel(sentence.slice(0, found.index));
  const value = sentence.slice(found.index + found[0].length).replace(/^[\s*_`"「]+/, '').trim();
  return label === '' || value === '' ? undefined : { label, value };
}

/** A label in one spelling: lower case, words apart, without signs around it. */
export function plainLabel(text: string): string {
  return text
    .slice(0, 80)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .replace(/^[^\p{L}]+/u, '')
    .replace(/[^\p{L})）]+$/u, '');
}

const verdictLabels = /^(?:(?:final|overall|my|review|the)\s){0,2}(?:verdict|decision|judge?ment)$|^(?:最終|総合)?(?:判定|判断|合否|審査結果|可否判定)$/;
const weakVerdictLabels =
  /^(?:(?:final|overall|my|review|the)\s){0,2}(?:recommendation|status|result|outcome|conclusion|assessment|approval|review)$|^(?:最終)?(?:結論|結果|推奨|評価結果|レビュー結果|状態|ステータス|承認)$/;

/** 'strong' for a label that introduces a verdict, 'weak' for one that often introduces something else. */
export function verdictLabel(label: string): 'strong' | 'weak' | undefined {
  if (verdictLabels.test(label)) return 'strong';
  return weakVerdictLabels.test(label) ? 'weak' : undefined;
}

const readyLabels =
  /^(?:is\s)?(?:(?:it|this|the document|document)\s)?ready(?:\s(?:for|to)\s(?:implementation|implement|production|merge|ship|development|build|proceed))?\??$|^(?:implementation|production|merge)\s(?:ready|readiness)$|^readiness$|^(?:can|may)\s(?:implementation\s)?(?:proceed|be implemented)$|^実装(?:の)?(?:準備|可否|可能|着手)(?:状況|完了|度|の可否)?$|^準備(?:状況|完了)$/;

/** Whether a label asks if the work may begin. */
export function isReadyLabel(label: string): boolean {
  return readyLabels.test(label);
}

const decoration = /[#*_`]|^\s{0,8}[-+•]\s|^\s{0,8}\d{1,2}[.)]\s/g;

/** A heading or label that has nothing after it. */
export function isLabelOnly(line: string): boolean {
  if (line.length > 80) return false;
  const label = plainLabel(foldWidth(line).replace(decoration, ' ').trim());
  if (label === '' || /\d/.test(line)) return false;
  const kind = scoreLabel(label);
  return kind === 'overall' || kind === 'plain' || verdictLabel(label) !== undefined || isReadyLabel(label);
}

/** "Ready for implementation?" and below it "No. The retries have to be written first." */
export function isAnswered(label: string, next: string): boolean {
  const asked = plainLabel(foldWidth(label).replace(decoration, ' ').trim());
  return isReadyLabel(asked) && /^[^\p{L}\n]{0,8}(?:yes|no|not yet|はい|いいえ)(?=[.,!:;。、：—–]|\s[-—–])/iu.test(next);
}

/** A score, grade, verdict or yes/no and nothing else. */
export function isValueOnly(line: string): boolean {
  if (line.length > 80) return false;
  const value = foldWidth(line).replace(decoration, ' ').replace(/\s{2,20}/g, ' ').trim().replace(/[.。]$/, '').trim();
  const number = value.replace(/\s?[(（—].{0,60}$/, '').trim();
  if (readScoreText(number) !== undefined || readGrade(number) !== undefined) return true;
  return value.length <= 40 && (verdictMeaning(value) !== undefined || readYesNo(value) !== null);
}
