const scales: readonly (readonly [RegExp, (found: RegExpExecArray) => number | null])[] = [
  [/^\s{0,3}(?:点|points?|pts)?\s?\)?\s{0,3}(?:\/|÷|out of|of)\s{0,3}(\d{1,3})(?![\d.]\d|\d|\s?\/)(?:\s?点?満点|\s?点|\s?(?:points?|pts)\b)?/i, (found) => Number(found[1])],
  [/^\s{0,3}(?:\/|out of)\s?ten\b/i, () => 10],
  [/^\s{0,2}点?\s?[(/]\s?(?:out of\s)?(\d{1,3})\s?点?満点\s?\)?/i, (found) => Number(found[1])],
  [/^\s{0,2}\((?:out of|of|\/)\s?(\d{1,3})\)/i, (found) => Number(found[1])],
  [/^\s{0,2}%/, () => 100],
  [/^\s?つ(?:星)?/, () => 5],
  [/^\s{0,2}(?:★|⭐|stars?\b)/iu, () => 5],
  [/^\s{0,2}(?:点|points?\b|pts\b)/i, () => null],
];

/** The scale or unit right after a number, and how much of the text it takes: '/10', ' out of 100', '点', '%'. */
export function readScale(after: string): { readonly max: number | null; readonly length: number } {
  const near = after.slice(0, 40);
  for (const [pattern, maxOf] of scales) {
    const found = pattern.exec(near);
    if (found !== null) return { max: maxOf(found), length: found[0].length };
  }
  return { max: null, length: 0 };
}
