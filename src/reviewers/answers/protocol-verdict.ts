const protocolWord =
  'approved?|rejected|reject|pass(?:ed)?|fail(?:ed|ure)?|allow(?:ed)?|block(?:ed)?|request[_ ]changes|changes[_ ]requested|needs?[_ ](?:work|changes|improvement|revision)|' +
  'lgtm|accept(?:ed)?|not[_ ](?:ready|approved)|no-go|ship it|ng|不合格|合格|承認|却下|差し?戻し|要修正|非承認';
// Words that also open a conversation count only where they are all there is on the last line.
const alone = 'ready|go|ok';
const opening = new RegExp(`^[^\\p{L}\\p{N}]{0,6}(${protocolWord})(?:[^\\p{L}\\p{N}:.!。：-]{0,4}$|\\s{0,2}[:.,!。：]|\\swith (?:some |a few |minor |small )?(?:nits?|comments?|suggestions?|notes?)\\b|\\s[-–—]\\s|[。！])`, 'iu');
// "Ready: ❌": a label, and the mark is its value.
const labelled = /[\p{L}][^\p{L}]{0,4}[:：❌✗✘✖🚫×]/u;
const closing = new RegExp(`^[^\\p{L}\\p{N}]{0,6}(${protocolWord}|${alone})[^\\p{L}\\p{N}]{0,6}$`, 'iu');

/** The verdict of an answer that begins with one ("FAIL: …", "Pass. …") or whose last line is nothing else. In capitals. */
export function protocolVerdict(first: string, last: string): string | undefined {
  const word = opening.exec(first)?.[1] ?? (labelled.test(last) ? undefined : closing.exec(last)?.[1]);
  return word?.toUpperCase();
}
