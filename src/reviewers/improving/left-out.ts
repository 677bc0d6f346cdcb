/**
 * A line that stands for text its writer did not write, such as '// ... rest of the code unchanged', or null.
 *
 * Lines that the text before has too are no sign: a document may speak of them.
 */
export function leftOutLine(lines: readonly string[], before: string): string | null {
  return lines.find((line) => line.length <= longestPlaceholder && isPlaceholder(line) && !before.includes(line.trim())) ?? null;
}

const longestPlaceholder = 160;

// '...args' without a comment sign is code; '... rest' is not.
const opening = /^\s*(?:(?:\/\/|\/\*|\{\/\*|#|--|<!--|;|%|\*|\[|\()\s*(?:\.{3}|…|⋯)|(?:\.{3}|…|⋯)(?=[\s(]))\s*\(?\s*/;
const words =
  /^(?:the |all |your )?(?:rest|remaining|remainder|existing|previous|original|unchanged|other|same|omitted|snip|keep|以下|残り|既存|以降|中略|後略|省略|変更なし|同じ|元の)/i;
const unchangedWords =
  /^\s*(?:\/\/|\/\*|\{\/\*|#|--|<!--|;|%|\*|\[|\()\s*(?:(?:the )?rest of (?:the |this )?(?:code|file|text|document|section|function|class)\b.{0,40}(?:unchanged|same|as before|here|omitted|\.\.\.|…)|(?:existing|remaining|previous) (?:code|text|content)s? (?:unchanged|here|as before|remains|stays|\.\.\.|…)|(?:以下|残り|以降)(?:は|、)?.{0,12}(?:省略|変更なし|同じ|同様))/i;

function isPlaceholder(line: string): boolean {
  const start = opening.exec(line)?.[0];
  return (start !== undefined && words.test(line.slice(start.length))) || unchangedWords.test(line);
}
