import { scoredCategories, type ScoredCategory } from './finding.ts';
import { marksOf, type Mark } from './marks.ts';
import type { Evaluation } from './report.ts';
import type { Review } from './review.ts';
import { scoreReviews } from './scorecard.ts';

/** How several reviewers of one revision agree. */
export interface Panel {
  /** 0–1, the mean over what at least two of them gave a mark for, else over the categories that two of them assessed; null where there is no such thing. */
  readonly agreement: number | null;
  readonly reviewers: readonly PanelReviewer[];
  /** Of models, by category and criterion; the median is what the score is held against. */
  readonly marks: readonly PanelMark[];
}

export interface PanelReviewer {
  readonly id: string;
  /** What each category would score if this reviewer had judged alone; null where it did not assess it. */
  readonly categories: Readonly<Record<ScoredCategory, number | null>>;
  /** A model's own number (0–10 or as it came) and word; they decide nothing. */
  readonly modelScore?: number | null;
  readonly modelReady?: boolean | null;
}

export interface PanelMark {
  readonly name: string;
  /** 0–100. */
  readonly median: number;
  /** 1 less the distance between the highest and the lowest mark as a share of 100; null for a single mark. */
  readonly agreement: number | null;
  readonly by: readonly { readonly reviewer: string; readonly mark: number }[];
  /** Reviewers that are more than 20 from the median; empty with fewer than three. */
  readonly outliers: readonly string[];
}

export interface PanelParts {
  readonly reviews: readonly Review[];
  /** N of revision 0. */
  readonly sizeFactor: number;
  readonly requested: readonly ScoredCategory[];
  /** By reviewer id. */
  readonly evaluations: Readonly<Record<string, Evaluation>>;
}

/** The panel of one revision; null for a single reviewer. */
export function panelOf({ reviews: all, sizeFactor, requested, evaluations }: PanelParts): Panel | null {
  // The user's own checks agree with nobody: they give no marks.
  const reviews = all.filter(({ check }) => check === undefined);
  if (reviews.length < 2) return null;
  const marks = marksOf(reviews).map((mark) => panelMark(mark, reviews));
  const reviewers = reviews.map((review): PanelReviewer => {
    const { categories } = scoreReviews([review], { sizeFactor, requested });
    const { modelScore, modelReady } = evaluations[review.reviewer] ?? {};
    return {
      id: review.reviewer,
      categories: Object.fromEntries(scoredCategories.map((category) => [category, categories[category].score])) as PanelReviewer['categories'],
      ...(modelScore === undefined ? {} : { modelScore }),
      ...(modelReady === undefined ? {} : { modelReady }),
    };
  });
  const alone = scoredCategories.map((category) => agreementOf(reviewers.flatMap(({ categories }) => categories[category] ?? [])));
  return { agreement: meanOf(marks.map(({ agreement }) => agreement)) ?? meanOf(alone), reviewers, marks };
}

function panelMark({ name, score, by, outliers }: Mark, reviews: readonly Review[]): PanelMark {
  return {
    name: ownName(name, reviews),
    median: score,
    agreement: agreementOf(Object.values(by)),
    by: reviews.flatMap(({ reviewer }) => (by[reviewer] === undefined ? [] : [{ reviewer, mark: by[reviewer] }])),
    outliers,
  };
}

// Marks are compared without regard to case; people read the name as the request gives it.
function ownName(name: string, reviews: readonly Review[]): string {
  return reviews.flatMap(({ criteria = [] }) => criteria).find((criterion) => criterion.name.toLowerCase() === name)?.name ?? name;
}

function agreementOf(scores: readonly number[]): number | null {
  return scores.length < 2 ? null : hundredths(1 - (Math.max(...scores) - Math.min(...scores)) / 100);
}

function meanOf(shares: readonly (number | null)[]): number | null {
  const known = shares.filter((share) => share !== null);
  return known.length === 0 ? null : hundredths(known.reduce((sum, share) => sum + share, 0) / known.length);
}

function hundredths(share: number): number {
  return Math.round(share * 100) / 100;
}
