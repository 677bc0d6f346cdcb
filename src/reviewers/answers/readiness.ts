import { japaneseReadiness } from './readiness-japanese.ts';

/** What a plain sentence says about readiness: true, false, 'asks' for a question, or undefined if nothing. */
export type SaidReady = boolean | 'asks' | undefined;

/** Objects of "ready for/to …" that mean the work itself; a draft may be ready for another review. */
const work =
  /^\s(?:for|to)\s(?:\w{1,14}\s){0,2}?(?:implement\w*|production|develop\w*|coding|code|build\w*|ship\w*|merg\w*|releas\w*|deploy\w*|engineering|proceed|go|start|begin|be\s(?:implemented|built|merged|shipped))/;
const otherPurpose = /^\s(?:for|to)\s/;
const negation =
  /\b(?:not|never|cannot|neither|nor|hardly|barely|far from|no longer|nowhere near|yet to be|doubt|doubts|unlikely|lacks?|fails? to|disagree|without being|less than|short of|isnt|arent)\b|n['’]t\b|^\s{0,3}(?:no\b|[❌✗✘✖🚫×])|\[ \]/iu;
const condition = /\b(?:if|once|until|unless|after|before|when|provided|assuming|as soon as|as long as|but|except|almost|nearly|pending)\b/i;
const modal = /\b(?:could|will|should|might|may|must|would|to be|needs?|become|becomes|get|getting|make|makes)\b/i;
const quoting = /\b(?:says?|states?|stated|claims?|claimed|asserts?|declares?|according|asks?|whether|thinks|believes|feels|considers|hopes)\b/i;

// A part that is ready leaves the rest open.
const partial = /\b(?:only|parts?|partly|partially|partial|some|half|mostly|largely|most|sections?|chapters?)\b/i;

/** Reads one sentence, negations and conditions first: nothing but a plain statement is a yes. */
export function readySaid(sentence: string): SaidReady {
  if (/[\u3040-\u30ff]/.test(sentence)) {
    const said = japaneseReadiness(sentence);
    if (said !== undefined) return said;
  }
  return englishReadiness(sentence);
}

function englishReadiness(sentence: string): SaidReady {
  const found = /\bready\b/i.exec(sentence);
  if (found === null) return otherWords(sentence);
  const before = sentence.slice(0, found.index);
  const after = sentence.slice(found.index + found[0].length);
  const isWork = work.test(after.toLowerCase());
  if (!isWork && otherPurpose.test(after)) return undefined;
  if (/\?\s{0,3}$/.test(sentence)) return 'asks';
  // "Ready!" alone greets; a mark before it answers.
  if (!/[\p{L}✅✔☑👍❌]/u.test(before) && !/\p{L}/u.test(after)) return undefined;
  if (quoting.test(before)) return undefined;
  return polarity(before, after);
}

function polarity(before: string, after: string): SaidReady {
  if (negation.test(before) || /^[^.]{0,40}[:：]\s{0,3}(?:no|false|not|❌)\b/i.test(after)) return false;
  if (condition.test(before) || condition.test(after)) return false;
  return modal.test(before) || partial.test(before) ? undefined : true;
}

// The same in other words: "ship it", "can proceed to implementation", "do not merge".
function otherWords(sentence: string): SaidReady {
  const found = /\b(?:ship it|lgtm|(?:proceed|move(?: on)?) to implementation|(?:can|may) (?:now )?be implemented|start implementing|(?:merge|implement|ship|build) (?:this|it))\b/i.exec(sentence);
  if (found === null) return undefined;
  const before = sentence.slice(0, found.index);
  if (/\?\s{0,3}$/.test(sentence)) return 'asks';
  if (quoting.test(before)) return undefined;
  if (/\b(?:can|may)$/i.test(before.trim())) return polarity('', sentence.slice(found.index + found[0].length));
  return polarity(before, sentence.slice(found.index + found[0].length));
}

const checkbox = /^\s{0,12}[-*+]\s\[([ xX])\]\s(.{0,80})/;

/** '- [ ] Ready for implementation': the box is the answer. */
export function checkedReady(line: string): boolean | undefined {
  const found = checkbox.exec(line);
  const [, mark, text] = found ?? [];
  if (mark === undefined || text === undefined || readySaid(text) !== true) return undefined;
  return mark !== ' ';
}

/** The answer to a question about readiness, by the words that follow it. */
export function answerToQuestion(next: string): boolean | undefined {
  if (/^\W{0,4}(?:no\b|not\b|never\b|nope\b|only\b|almost\b|nearly\b)|^\s{0,3}(?:いいえ|いえ|まだ|できません|移れません|ない)/iu.test(next)) return false;
  const isYes = /^\W{0,4}(?:yes|yep|absolutely|certainly)\b|^\s{0,3}(?:はい|ええ|可能)/iu.test(next);
  return isYes && !condition.test(next) && !/ません|ない|れば|たら|後/.test(next) ? true : undefined;
}
