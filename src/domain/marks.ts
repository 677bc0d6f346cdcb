import type { Criterion } from './request.ts';
import type { Review } from './review.ts';

/** What a panel of models thinks of one criterion. */
export interface Mark {
  readonly name: string;
  /** Median of the panel, 0–100 with one decimal. */
  readonly score: number;
  readonly by: Readonly<Record<string, number>>;
  /** Reviewers whose mark is far from the median; empty with fewer than three. */
  readonly outliers: readonly string[];
}

/** So far from the median a mark is an outlier: two grades of ten. */
const outlierFrom = 20;
/** With two voices nobody can say which of them is odd. */
const leastPanel = 3;
/** Nobody asks for more criteria. */
const nameLimit = 100;

/** The marks that models gave, by criterion in the order first heard; nonsense is not heard. */
export function marksOf(reviews: readonly Review[]): Mark[] {
  const byName = new Map<string, Record<string, number>>();
  for (const { reviewer, criteria = [] } of reviews) {
    for (const { name, score } of criteria) {
      if (!(score >= 0 && score <= 100)) continue;
      const key = name.toLowerCase();
      byName.set(key, { [reviewer]: score, ...byName.get(key) });
    }
  }
  return [...byName].slice(0, nameLimit).map(([name, by]) => markOf(name, by));
}

/** The panel's mark for a name, or null where nobody gave one. */
export function markFor(marks: readonly Mark[], name: string): number | null {
  return marks.find((mark) => mark.name === name.toLowerCase())?.score ?? null;
}

/** The request's criteria as one number by their weights; null where none has a mark. */
export function criteriaScore(marks: readonly Mark[], criteria: readonly Pick<Criterion, 'name' | 'weight'>[]): number | null {
  const heard = criteria.flatMap(({ name, weight }) => {
    const score = markFor(marks, name);
    return score === null || !(weight > 0) || !Number.isFinite(weight) ? [] : [{ score, weight }];
  });
  const total = heard.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? null : heard.reduce((sum, { score, weight }) => sum + score * (weight / total), 0);
}

/**
 * A score as a panel's mark lets it stand: a mark lowers it by half of the difference and never raises it, so that praise
 * is worth nothing and a finding is always worth something.
 */
export function tempered(score: number, mark: number | null): number {
  return mark === null || mark >= score ? score : (score + mark) / 2;
}

function markOf(name: string, by: Readonly<Record<string, number>>): Mark {
  const scores = Object.values(by).toSorted((a, b) => a - b);
  const middle = (scores.length - 1) / 2;
  const score = Math.round(10 * ((scores[Math.floor(middle)]! + scores[Math.ceil(middle)]!) / 2)) / 10;
  const far = Object.entries(by).filter(([, given]) => Math.abs(given - score) > outlierFrom);
  return { name, score, by, outliers: scores.length < leastPanel ? [] : far.map(([reviewer]) => reviewer).toSorted() };
}
