/** Whose score a label names: the whole answer's, just "score", one criterion's, or nobody's. */
export type ScoreLabel = 'overall' | 'plain' | 'category' | 'none';
/** Which of several scores a phrase speaks of; null for the one that simply is. */
export type ScoreRole = 'current' | 'previous' | 'target' | 'hypothetical' | 'echo' | null;

const nouns = words('score rating grade mark marks points point evaluation assessment result');
const overallWords = words('overall total final aggregate composite combined cumulative weighted global average mean general sum');
const subjects = words('document doc code quality review spec specification readiness implementation design plan draft text paper proposal change patch answer response');
const roleWords = words('current currently new latest updated revised now previous previously prior last initial original target minimum required goal passing threshold baseline first');
const fillers = words(
  'the my our your this that its it a an of for with as is at to be i would am about around roughly approximately only just solid strong weak fair stands remains comes out so far in and somewhere between either one here arrive settle land end up conclude come us me actual given awarded obtained achieved all',
);
const known = new Set([...nouns, ...overallWords, ...subjects, ...roleWords, ...fillers]);
// "score" is a verb only after somebody: "I would score this 7/10", not "CVSS score of 9.8".
const judging = /(?:^|\s)(?:(?:i|we|would|will|i['’]d|to)\s(?:score|grade|mark|put|call)|give|gives|gave|rate|rated|scores|scored|award|assign|deserves?|gets?|receives?|earns?)\s/;

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** The kind of label that the words before a number are. Labels are short: only the last 80 characters count. */
export function scoreLabel(phrase: string): ScoreLabel {
  const near = phrase.slice(-80);
  const cut = Math.max(...dividers.map((sign) => near.lastIndexOf(sign)));
  const label = kindOf(near.slice(cut + 1));
  if (label !== 'none' || cut === -1) return label;
  // "Overall, 7/10", "Clarity (7/10)", "評価：良好（8.5/10）": nothing but the divider stands before the number.
  const [earlierLabel = ''] = (near.slice(0, cut).split(/[,;、。]/).at(-1) ?? '').split(':');
  const earlier = kindOf(earlierLabel);
  return near[cut] === '(' || earlier === 'overall' || earlier === 'plain' ? earlier : 'none';
}

const dividers = [',', ';', '、', '。', '(', ')', '/', '|', '"', '→'];

// Without the signs and marks around it.
function kindOf(part: string): ScoreLabel {
  const label = part.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '');
  if (label === '') return 'none';
  return /[\u3040-\u30ff\u4e00-\u9fff]/.test(label) ? japaneseLabel(label) : englishLabel(label);
}

function englishLabel(label: string): ScoreLabel {
  const plain = label.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const parts = plain.split(/[^\p{L}'’]+/u).map((part) => part.replace(/['’]s$/, '')).filter((part) => part !== '');
  const verb = judging.exec(` ${plain} `);
  if (verb !== null && parts.length > 1) return englishObject(` ${plain} `.slice(verb.index + verb[0].length - 1));
  if (!parts.every((part) => known.has(part))) return 'category';
  if (parts.some((part) => overallWords.has(part))) return 'overall';
  if (parts.some((part) => nouns.has(part))) return 'plain';
  return parts.every((part) => fillers.has(part) || roleWords.has(part)) ? 'none' : 'category';
}

// "I would give this document a": a score of the whole, unless it is given to something else.
function englishObject(afterVerb: string): ScoreLabel {
  const object = afterVerb.split(/[^\p{L}']+/u).filter((part) => part !== '');
  return object.every((part) => known.has(part)) ? 'plain' : 'category';
}

const japaneseRole = /(?:前回|今回|現在|現時点|現状|最新|最終|目標|以前|初回|修正前|修正後|改訂前|改訂後)(?:の|は|が)?/g;
const japaneseWhole = '(?:(?:この|本|当該)?(?:文書|ドキュメント|設計書|仕様書|コード|資料|計画|提案|変更|回答)(?:全体)?(?:の|は|を|に)?)?';
const japaneseOverall = new RegExp(
  `^${japaneseWhole}(?:総合|全体|合計|トータル|総)(?:的な?)?の?(?:評価|品質)?の?(?:スコア|点数|点|得点|評点|評価点|評価|ランク|結果|値)?$`,
);
const japanesePlain = new RegExp(`^${japaneseWhole}(?:品質|評価|採点|レビュー)?の?(?:結果)?の?(?:スコア|点数|得点|評点|評価点|採点結果|評価結果|採点|評価|ランク|グレード|点)$`);

function japaneseLabel(label: string): ScoreLabel {
  const bare = label.replace(japaneseRole, '').replace(/\s/g, '').replace(/(?:として|は|が|を|も|に|で|約)$/, '');
  if (bare === '' || bare === '点') return bare === '' ? 'none' : 'plain';
  if (japaneseOverall.test(bare)) return 'overall';
  if (japanesePlain.test(bare)) return 'plain';
  return new RegExp(`^${japaneseWhole}$`).test(bare) ? 'none' : 'category';
}

const echo = /\b(?:says?|said|states?|stated|claims?|claimed|contains?|asks?|tells?|told|instructs?|demands?|reads?|ignore[ds]?|example|sample|e\.g|quotes?|quoted|according)\b|と(?:書か|記載|主張|記され|ある|いう)|例えば|例[:：]/i;
const hypothetical =
  /\b(?:could|might|may|should|would(?! (?:give|rate|score|say|put|assign|award|call|mark))|if|once|potential(?:ly)?|expected|projected|to (?:reach|get to|earn|become|achieve))\b|れば|たら|なら|見込|期待|予想|改善後|想定/i;
const target = /\b(?:target|threshold|goal|minimum|required|requires?|passing|pass mark|cut-?off|must|at least|aim|max(?:imum)?|highest|best|perfect|full marks)\b|目標|合格点|合格ライン|合格基準|基準|しきい値|閾値|最低|必要/i;
const previous = /\b(?:previous|previously|prior|last (?:time|round|score|review|iteration|version)|before|earlier|initial(?:ly)?|original(?:ly)?|old|former|baseline)\b|前回|以前|初回|修正前|改訂前|改善前|旧/i;
const current = /\b(?:actual|current|currently|now|new|latest|updated|revised|final|today|this time)\b|今回|現在|現時点|現状|最新|最終|改訂後|修正後/i;

/** The role of a number by the words before it and the few right after it. */
export function scoreRole(before: string, after: string): ScoreRole {
  const near = /^[^.,;:。、；|(]{0,24}/.exec(after)?.[0] ?? '';
  if (echo.test(before)) return 'echo';
  if (hypothetical.test(before) || /^[^\p{L}\p{N}—–-]{0,3}(?:if|would|could|might|以上|未満|になる|になり)/u.test(near)) return 'hypothetical';
  if (target.test(before)) return 'target';
  const whole = `${before} ${near}`;
  if (lastIndex(current, whole) > lastIndex(previous, whole)) return 'current';
  return previous.test(whole) ? 'previous' : null;
}

function lastIndex(pattern: RegExp, text: string): number {
  return [...text.matchAll(new RegExp(pattern.source, 'gi'))].at(-1)?.index ?? -1;
}
