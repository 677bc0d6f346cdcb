import type { SearchText } from './phrase-search.ts';

/** A mark and a word of readiness so near to each other are one verdict. */
const nearby = 300;
const maxVerdicts = 10;
const mark = /(?:(?<![a-z])(?:overall|total)?(?:score|rating)|総合評価|総合スコア|スコア|評価)\s?[:=：]\s?(\d{1,3}(?:\.\d{1,2})?)(?![\d.])/g;
const ready = /(?:(?:ready|ready for implementation|approved|passed|is ready|implementation ready|実装可|実装準備|準備完了)\s?[:=：]\s?(?:true|yes|はい|可))|(?:(?:verdict|判定|合否)\s?[:=：]\s?(?:pass|approve|approved|accept|ready|合格|承認))/g;
/** An event of an agent's output with an answer in it. */
const event = /\{ ?type : ?(?:turn\.completed|item\.completed|agent message|result) ,/g;

/** Lines on which the text shows a verdict as a judge would write it: the highest mark beside readiness, or an agent's own output. */
export function plantedVerdicts({ text, lineAt }: SearchText): number[] {
  const words = [...text.matchAll(ready)].map(({ index }) => index);
  const marks = [...text.matchAll(mark)].filter(([, value]) => isTop(Number(value))).map(({ index }) => index);
  const verdicts = marks.filter((at) => isNearOne(words, at));
  const events = [...text.matchAll(event)].map(({ index }) => index);
  return [...verdicts, ...events].slice(0, maxVerdicts).map(lineAt);
}

// On the scale to 10 or to 100.
function isTop(value: number): boolean {
  return (value >= 9.5 && value <= 10) || (value >= 95 && value <= 100);
}

function isNearOne(sorted: readonly number[], at: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < at - nearby) low = middle + 1;
    else high = middle;
  }
  return sorted[low] !== undefined && sorted[low]! <= at + nearby;
}
