/** Longest failure that is told in plain text; a review that speaks of failures is longer, or has a score. */
const head = 400;

const failedCall = new RegExp(
  [
    '^\\W{0,4}api error\\b.{0,4}[:(]',
    '^\\W{0,4}(?:fatal |http )?error\\b\\]?.{0,12}[:\\s]\\s{0,2}(?:code )?[45]\\d\\d\\b',
    '^(?:http|status)(?: code)?[ :/\\d.]{0,8}[45]\\d\\d\\b',
    '^[45]\\d\\d\\s(?:bad|unauthori|forbidden|not found|payload|too many|internal|service|gateway)',
    '^(?:unexpected status|exceeded retry limit, last status:?) [45]\\d\\d',
    '<title>\\s{0,3}[45]\\d\\d\\b|<h1>\\s{0,3}[45]\\d\\d\\b',
    '^not logged in\\b|please run /login',
    '^(?:stream error: )?stream disconnected before completion|^missing environment variable:|^invalid api key\\b|^incorrect api key\\b|^prompt is too long\\b',
  ].join('|'),
  'i',
);

const likelyFailedCall = new RegExp(
  [
    '^[\\w.]{0,40}(?:error|fatal|failed|exception)\\b.{0,80}(?:rate.?limit|quota|overloaded|timed? ?out|usage limit|connection|network|api key|unauthori[sz]ed|credit|stream|context (?:length|window)|billing|disconnected)',
    '\\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|UND_ERR_\\w{1,30})\\b',
    '\\b(?:hit|reached|exceeded) your (?:usage|rate|current quota|account)\\b|would exceed your account',
    '^(?:rate limit (?:reached|exceeded)|quota exceeded|insufficient.quota|too many requests|resource.exhausted|overloaded|internal server error|bad gateway|service unavailable|gateway time-?out|request timed out|connection (?:refused|reset|error|closed))',
    '^\\S{1,40}: .{0,60}(?:command not found|not found|permission denied|no such file or directory)$|\\bspawn \\S{1,60} E[A-Z]{4,8}\\b',
    '\\bcredit balance is too low\\b|ran out of room in the model.s context window|^fetch failed|currently experiencing high demand',
    '(?:エラー|レート制限|利用上限|接続エラー|タイムアウト).{0,40}(?:発生|達し|しました|再試行|[45]\\d\\d)',
  ].join('|'),
  'i',
);

const unwilling = "(?:can['’]?t|couldn['’]?t|won['’]?t|can ?not|could not|will not|(?:am|are|was|['’]m|['’]re)(?: currently)? (?:unable|not able) to|unable to|(?:must|have to)? ?decline to)";
const judging = '(?:help|assist|evaluat|review|assess|scor|rate\\b|rating|assign|provide|comply|continue|complete|process|fulfil|judge|grade|read\\b|open\\b|access|do (?:that|this))';

const refusal = new RegExp(
  [
    `\\b(?:i|we)(?: ${unwilling}|${unwilling})\\s(?:be able to\\s)?(?:\\w{1,12}\\s){0,2}?${judging}`,
    `^(?:sorry,? )?(?:but )?${unwilling}\\s${judging}`,
    "\\b(?:i|we)(?:['’]m| am|['’]re| are) not comfortable (?:\\w{1,12}\\s){0,2}?(?:scor|evaluat|review|assess|rating|judging|grading|with)",
    '^as an ai\\b.{0,80}(?:can ?not|can.t|unable)',
    '(?:評価|採点|お手伝い|対応|レビュー|お答え|お応え|判定|回答|協力)(?:を|は|に|する(?:こと)?(?:は|が)?|を行うことは|いた|し)?(?:は|が)?(?:でき(?:ません|ない|かね)|致しかね|いたしかね|しかね)',
    'お断り(?:し|いた|致)',
  ].join('|'),
  'i',
);

/** The text begins as a provider's or a tool's failure: whatever follows is no answer. */
export function isFailedCall(text: string): boolean {
  return failedCall.test(text.trimStart().slice(0, head).split('\n', 1)[0] ?? '') || /^<(?:!doctype html|html)\b/i.test(text.trimStart().slice(0, 20));
}

/** It reads like a failure. Ask only where nothing in it speaks of a score or a verdict. */
export function isLikelyFailedCall(text: string): boolean {
  const start = text.trimStart().slice(0, head);
  return start.split('\n', 3).some((line) => likelyFailedCall.test(line.trim()));
}

/** The model says, in its first sentences, that it will not or cannot judge. */
export function isRefusal(text: string): boolean {
  return refusal.test(text.trimStart().slice(0, head));
}
