/** Look-alikes that stand for what could be taken for an end, a role or an answer. Each is one UTF-16 unit, as what it stands for. */
export const lookAlikes = { '`': 'ˋ', '~': '∼', '<': '‹', '>': '›', '[': '［', ':': '꞉', ' ': '\u00A0' } as const;

/** What stands for a character that nobody sees. */
const invisible = '\uFFFD';

/** Line ends of other alphabets and controls that some tokenizers take for one. */
const otherLineEnds = /[\r\v\f\u0085\u2028\u2029]/g;
/** Controls, zero-width, bidirectional and tag characters, and several variation selectors in a row. What joins emoji and letters stays. */
const unseen = /(?![\t\n])\p{Cc}|[\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]|[\u{E0100}-\u{E01EF}]{2,64}/gu;

const fences = /`{3,64}|~{3,64}/g;
const tags = /<(?=\/?(?:document|text|task|file|files|context|system|user|assistant|human|tool|function|instructions?|prompt|answer|output|result|think|thinking|review|score|verdict|json)\b)/gi;
const chatMarks = /<\||\|>|<<(?=\/?SYS>>)|\[(?=\/?(?:INST|SYS|SYSTEM|END)\])/g;
const roles = /^([ \t]{0,20}[#>*_-]{0,6}[ \t]{0,4}[*_]{0,3}(?:system|user|assistant|human|developer|tool|ai|instructions?|answer|output|システム|ユーザー|アシスタント|指示|回答)[*_]{0,3}[ \t]{0,4})[:：]/gim;
const delimiters = /^([ \t]{0,20}(?:BEGIN|END)) (?=[A-Z])/gm;
const keys =
  /((?:["'])(?:nonce|criteria|findings|score|overall_?score|ready|ready_?for_?implementation|verdict|conclusion|rationale|strengths|weaknesses|recommendations|blockers|technical_?notes|is_?error|structured_?output|agent_?message)\\{0,4}["']\s{0,20})[:：]/gi;

/**
 * A copy of the text for a prompt, in which nothing passes for the end of the text, for a role, or for an answer.
 *
 * Out     as many UTF-16 units as `text` and the same line feeds, so that a place in one is the same place in the other
 */
export function neutralise(text: string): string {
  return text
    .toWellFormed()
    .replace(otherLineEnds, ' ')
    .replace(unseen, (found) => invisible.repeat(found.length))
    .replace(fences, (found) => lookAlikes[found[0] as '`' | '~'].repeat(found.length))
    .replace(tags, lookAlikes['<'])
    .replace(chatMarks, (found) => found.replaceAll('<', lookAlikes['<']).replaceAll('>', lookAlikes['>']).replaceAll('[', lookAlikes['[']))
    .replace(roles, (_, before: string) => before + lookAlikes[':'])
    .replace(delimiters, (_, before: string) => before + lookAlikes[' '])
    .replace(keys, (_, before: string) => before + lookAlikes[':']);
}
