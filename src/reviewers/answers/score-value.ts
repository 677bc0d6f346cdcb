import { foldWidth } from './clean-text.ts';

/** A number with the scale it names itself, or without one. */
export interface ScoreClaim {
  /** As it was written. */
  readonly raw: string;
  readonly value: number;
  readonly max: number | null;
}

export type ScaledScore =
  | { readonly outcome: 'ok'; readonly score: number; readonly scoreRaw: string; readonly scaleMax: number }
  | { readonly outcome: 'out_of_range'; readonly score: null; readonly scoreRaw: string; readonly scaleMax: number };

/** A claim on the scale 0–10. A number outside its own scale is told as such and never moved into it. */
export function scaleScore(claim: ScoreClaim, defaultMax: number): ScaledScore {
  const scaleMax = claim.max ?? defaultMax;
  const isInside = Number.isFinite(claim.value) && claim.value >= 0 && claim.value <= scaleMax && scaleMax > 0;
  if (!isInside) return { outcome: 'out_of_range', score: null, scoreRaw: claim.raw, scaleMax };
  return { outcome: 'ok', score: toTen(claim.value, scaleMax), scoreRaw: claim.raw, scaleMax };
}

// Rounded so that 0.1 × 3 and the like do not show; nobody writes scores to six places.
function toTen(value: number, max: number): number {
  return Math.round(((value * 10) / max) * 1e6) / 1e6;
}

const wholeScore = /^(?:約|about )?~?\s?(-?\d{1,4}(?:\.\d{1,4}|,\d{1,2})?)\s{0,3}(?:点\s?)?(?:(?:\/|out of|of)\s{0,3}(\d{1,3})\s?点?(?:満点)?|(%)|点|points?|pts)?(?:\s?\([^()]{1,20}\))?$/i;

/** A text that is a score and nothing else: '8/10', '85%', '7.5', '82点'. */
export function readScoreText(text: string): ScoreClaim | undefined {
  const raw = text.trim();
  const found = raw.length > 40 ? null : wholeScore.exec(foldWidth(raw));
  if (found === null) return undefined;
  const [, digits = '', max, percent] = found;
  return { raw, value: Number(digits.replace(',', '.')), max: max === undefined ? (percent === undefined ? null : 100) : Number(max) };
}

const letterGrade = /^(?:[ABCDEFS][+-]?|A\+\+|SS)$/;

/** 'B+' and the like; anything else is no grade. */
export function readGrade(text: string): string | undefined {
  const grade = foldWidth(text).trim().replace(/(?:評価|ランク)$/, '');
  return letterGrade.test(grade) ? grade : undefined;
}
