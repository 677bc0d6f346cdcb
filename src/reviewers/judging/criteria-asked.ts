import type { ArtifactKind } from '#domain/artifact.ts';
import type { ScoredCategory } from '#domain/finding.ts';
import type { ReviewInput } from '#reviewers/reviewer.ts';
import { inOneLine } from './as-data.ts';

/** One thing that a model is to give a mark for. */
export interface AskedCriterion {
  /** Its field in the answer: the category's name, or 'criterion_1' … in the order of the request, since not every provider takes other letters. */
  readonly key: string;
  /** As the request names it. */
  readonly name: string;
  /** For the model, one line. */
  readonly description: string;
}

type Meanings = Readonly<Record<ScoredCategory, string>>;

const ofCode: Meanings = {
  syntax: 'it parses, its types hold, what it names exists, and it follows the rules of its language',
  logic: 'it does what it sets out to do: conditions, limits, errors, concurrency, promises to its callers, tests that can fail',
  performance: 'time, memory, queries and requests grow no faster than they must',
  security: 'input is not trusted, secrets are not shown, rights are checked, nothing is executed or disclosed that should not be',
};

const ofDocuments: Meanings = {
  syntax: 'form: headings, order, links, tables and examples hold together, each term has one meaning, each sentence can be understood',
  logic: 'it is complete, says one thing throughout, decides what it must, and each demand can be checked',
  performance: 'sizes, times, limits and costs are named where they matter, and can be met',
  security: 'rights, secrets, personal data, abuse and failure are thought of, and nothing dangerous is recommended',
};

const meanings: Readonly<Record<ArtifactKind, Meanings>> = { code: ofCode, config: ofCode, document: ofDocuments };
const nameLength = 200;
/** As the request allows it (4,000), less what a line does not need. */
const descriptionLength = 2_000;

/** What a model gives marks for: the requested categories, then the criteria of the request. */
export function criteriaAsked({ kind, requested, criteria = [] }: Pick<ReviewInput, 'kind' | 'requested' | 'criteria'>): AskedCriterion[] {
  const own = criteria.filter(({ name }) => !requested.some((category) => category === name.toLowerCase()));
  return [
    ...requested.map((category) => {
      const told = criteria.find(({ name }) => name.toLowerCase() === category);
      return { key: category, name: told?.name ?? category, description: inOneLine(told?.description || meanings[kind][category], descriptionLength) };
    }),
    ...own.map(({ name, description }, index) => ({ key: `criterion_${index + 1}`, name, description: `${inOneLine(name, nameLength)}: ${inOneLine(description, descriptionLength)}` })),
  ];
}
