/** Words that must follow each other within a clause, each step one of its words. */
export interface Phrase {
  readonly rule: InjectionRule;
  readonly steps: readonly (readonly string[])[];
  /** At most so many units between two steps. */
  readonly gap: number;
}

export type InjectionRule = 'override' | 'score-demand' | 'verdict-demand' | 'silence-demand' | 'previous-score' | 'improver-command' | 'encoded-command' | 'exfiltration' | 'planted-verdict' | 'hidden-comment' | 'hidden-characters';

const topMarks = ['100', '99', '98', '97', '96', '95', '10/10', '10 out of 10', '10.0', '9.9', '9.8', '9.5', '10'];
const topWords = ['full marks', 'perfect score', 'maximum score', 'highest score', 'highest possible score', 'top score', 'best score', 'perfect 10', 'score of 100', 'score of 10', '100 points', '10/10', '100/100', '100%', '10 out of 10', '100 out of 100'];
const thisText = ['this', 'it', 'me', 'us', 'the document', 'the text', 'the code', 'the file', 'the plan', 'the submission', 'the artifact', 'the answer', 'the proposal', 'the work'];
const ordersJa = ['指示', '命令', 'プロンプト', 'ルール', '制約'];
const requestsJa = ['ください', '下さい', 'こと', 'せよ', 'しなさい', 'お願い'];

/**
 * What texts say that speak to their judge. Every step is lower case, with one blank between words; words of Latin letters match whole
 * words only.
 */
export const phrases: readonly Phrase[] = [
  { rule: 'override', gap: 30, steps: [['ignore', 'disregard', 'forget', 'override', 'bypass'], ['previous', 'prior', 'above', 'earlier', 'preceding', 'your', 'system'], ['instructions', 'instruction', 'prompt', 'prompts', 'guidelines', 'directions', 'orders']] },
  { rule: 'override', gap: 2, steps: [['ignore', 'disregard', 'forget'], ['all', 'any', 'these'], ['instructions', 'prompts']] },
  { rule: 'override', gap: 12, steps: [['これまで', '今まで', '以前', '上記', 'ここまで', 'すべて', '全て', 'あらゆる', '前の', '先の', 'システム'], ordersJa, ['無視', '忘れ', '破棄']] },
  { rule: 'override', gap: 3, steps: [['you are now'], ['a', 'an', 'the', 'in', 'no longer'], ['reviewer', 'judge', 'evaluator', 'grader', 'dan', 'unrestricted', 'jailbroken', 'developer mode', 'bound']] },
  { rule: 'override', gap: 12, steps: [['採点者', '評価者', '審査者', '審査員', 'レビュアー', 'レビューア', 'レビュワー', '判定者'], ['への指示', 'への命令']] },
  { rule: 'score-demand', gap: 24, steps: [['give', 'award', 'assign', 'grant', 'rate', 'score', 'mark', 'grade'], thisText, topWords] },
  { rule: 'score-demand', gap: 6, steps: [['score', 'rate', 'grade'], thisText, topMarks] },
  { rule: 'score-demand', gap: 6, steps: [['100点', '百点', '満点', '10点', '最高点', '最高評価', '最高得点', '10/10', '100/100'], ['付け', 'つけ', '与え', '出力', '返', 'にし', 'とし', '評価'], requestsJa] },
  { rule: 'verdict-demand', gap: 16, steps: [['you must', 'you should', 'you have to', 'reviewers must', 'always'], ['approve', 'accept'], ['this', 'it', 'the document', 'the text', 'the code', 'the change']] },
  { rule: 'verdict-demand', gap: 2, steps: [['the review', 'this review', 'the evaluation', 'the grading'], ['is over', 'has ended', 'is finished']] },
  { rule: 'verdict-demand', gap: 24, steps: [['mark', 'declare', 'report', 'consider', 'return', 'set'], ['this', 'it', 'the document', 'the text', 'the plan'], ['as ready for implementation', 'ready for implementation', 'as approved without']] },
  { rule: 'verdict-demand', gap: 6, steps: [['合格', '承認', '実装可', '実装可能', '準備完了'], ['と判定', 'と評価', 'と出力', 'と回答', 'としてください', 'にしてください']] },
  { rule: 'silence-demand', gap: 12, steps: [['do not', "don't", 'never'], ['report', 'mention', 'list', 'flag', 'raise'], ['any'], ['findings', 'issues', 'problems', 'defects', 'vulnerabilities', 'faults', 'errors', 'weaknesses']] },
  { rule: 'silence-demand', gap: 6, steps: [['指摘', '問題点', '欠点', '脆弱性'], ['しないで', '報告しないで', '挙げないで', '出さないで', '書かないで']] },
  { rule: 'previous-score', gap: 12, steps: [['previous', 'prior', 'last', 'earlier'], ['score', 'rating'], [...topMarks, '94', '93', '92', '91', '90', '9.0', '9/10']] },
  { rule: 'previous-score', gap: 6, steps: [['previous', 'prior', 'last', 'earlier'], ['verdict', 'evaluation', 'review', 'judgement'], ['approved', 'passed', 'pass', 'ready', 'accepted']] },
  { rule: 'previous-score', gap: 8, steps: [['前回', '以前', '直前', 'これまで'], ['スコア', '評価', '点数', '採点'], ['100', '99', '98', '97', '96', '95', '94', '93', '92', '91', '90', '9.', '10', '満点', '合格']] },
  { rule: 'improver-command', gap: 40, steps: [['when you', 'once you', 'if you'], ['write', 'produce', 'generate', 'output', 'rewrite', 'improve'], ['improved', 'new', 'revised', 'final', 'next'], ['version', 'text', 'document', 'revision', 'draft'], ['append', 'insert', 'add', 'include', 'prepend', 'remove']] },
  { rule: 'encoded-command', gap: 20, steps: [['decode', 'base64-decode', 'decrypt'], ['obey', 'follow', 'comply', 'do what it says']] },
];

/** What a decoded text need only say to be suspicious: nobody hides a harmless sentence. */
export const hiddenPhrases: readonly Phrase[] = [
  ...phrases,
  { rule: 'encoded-command', gap: 24, steps: [['give', 'award', 'assign', 'output', 'return', 'set', 'report', 'say'], ['score', 'rating', 'grade', 'marks', 'points', 'ready', 'approved', 'verdict']] },
  { rule: 'encoded-command', gap: 24, steps: [['ignore', 'disregard', 'forget', 'obey', 'approve', 'pass'], ['instructions', 'rules', 'review', 'document', 'text', 'findings', 'this']] },
  { rule: 'encoded-command', gap: 12, steps: [['点', '評価', '合格', '承認', '指示'], ['付け', 'つけ', '与え', 'して', '無視', '従']] },
];

/** What a comment that nobody sees need only say: to whom, and about what. */
export const commentPhrases: readonly Phrase[] = [
  ...hiddenPhrases,
  { rule: 'hidden-comment', gap: 80, steps: [['ai', 'llm', 'assistant', 'language model', 'evaluator', 'grader', 'judge', 'reviewer', 'reviewers'], ['score', 'approve', 'approved', 'ready', 'ignore', 'pass', 'passed', 'instructions', 'must', 'do not']] },
  { rule: 'hidden-comment', gap: 40, steps: [['採点者', '評価者', '審査員', 'レビュアー', 'ai'], ['点', '評価', '合格', '承認', '無視', '指示']] },
];
