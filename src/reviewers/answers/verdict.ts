/** What a verdict's wording means for readiness; 'unclear' is a verdict that says neither. */
export type VerdictMeaning = 'ready' | 'not_ready' | 'unclear';

const negative = new RegExp(
  '^(?:not |un(?:approved|acceptable)|reject|fail|block|request(?:ed|ing|s)? changes|changes? (?:requested|required|needed)|need|requir|revis|' +
    'retry|(?:soft|hard) retry|no$|no go|nogo|den(?:y|ied)|hold|declin|incorrect|insufficient|unsatisf|do not|don.?t|cannot|redo|rework|iterate|' +
    '(?:major|minor) revision|patch is incorrect|ng$|incomplete|return|improve)|^(?:不合格|却下|差し?戻|要|不可|否|非承認|未承認|不承認|再提出|再レビュー|保留|見送|未完了|未達)',
);
const positive =
  /^(?:approve[ds]?|approval|pass|passe[ds]|accept|accepted|lgtm|ship(?: it)?|go|go ahead|ok|okay|yes|ready|allow|allowed|merge|mergeable|correct|patch is correct|good to go|proceed)(?![a-z])|^(?:合格|承認|可|採用|問題なし|実装可|準備完了)/;
const neither = /^(?:condition|partial|comment|neutral|abstain|discuss|undecided|inconclusive|pending|mixed|条件|一部)/;
const denied = /ません|ない|なかった|できず|\bnot\b|n['’]t\b/;
// A yes with an "if" is not a yes.
const qualified =
  /\b(?:if|once|when|after|until|unless|but|not|except|provided|subject to|pending|condition\w{0,8}|with (?:changes|conditions|reservations|modifications|fixes|required))\b|条件|ただし|修正後|次第|れば|たら/;

/** The meaning of a verdict such as 'request_changes', 'Approved' or '差し戻し'; undefined for words that are no verdict. */
export function verdictMeaning(text: string): VerdictMeaning | undefined {
  const wording = plainWords(text);
  if (negative.test(wording)) return 'not_ready';
  if (neither.test(wording)) return 'unclear';
  if (!positive.test(wording)) return undefined;
  if (denied.test(wording)) return 'not_ready';
  return qualified.test(wording) ? 'unclear' : 'ready';
}

/** `ready` for a meaning: true, false, or null where the verdict says neither. */
export function readyFrom(meaning: VerdictMeaning | undefined): boolean | null {
  return meaning === 'ready' ? true : meaning === 'not_ready' ? false : null;
}

// 'patch_is_correct', 'Changes requested!' and '✅ **PASS**' in one spelling, at most 100 characters of it.
function plainWords(text: string): string {
  return text
    .slice(0, 120)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[_\-\s]+/g, ' ')
    .replace(/^[^\p{L}]+/u, '')
    .trim();
}

const yes = /^(?:true|yes|y|ok|ready|done|はい|可|可能|完了|準備完了|整っ|できて|合格|○|〇|◯|✅|✔|☑|👍)(?![a-z])/iu;
const no = /^(?:false|no|n|not|ng|いいえ|不可|未|まだ|否|不合格|×|✗|✘|❌|✖|🚫|👎)(?![a-z])/iu;

// "yes/no" is the form, not the answer.
const choice = /^(?:yes|true|はい|可)\s?(?:[/|]|or)\s?(?:no|false|いいえ|不可|否)/i;

/** The yes or no that the value of a label such as "Ready" begins with. A yes with a condition is neither. */
export function readYesNo(text: string): boolean | null {
  const value = text.slice(0, 80).replace(/^[\s*_`"'「『<]+/u, '');
  if (choice.test(value)) return null;
  if (no.test(value)) return false;
  if (!yes.test(value)) return null;
  return qualified.test(value.toLowerCase()) || /ない|ません/.test(value) ? null : true;
}
