import { categories, severities } from '#domain/finding.ts';
import type { AskedCriterion } from './criteria-asked.ts';

type Schema = Readonly<Record<string, unknown>>;

const text = (description: string): Schema => ({ type: 'string', description });
const mark = (description: string): Schema => ({ type: 'number', description });
const list = (items: Schema, description: string): Schema => ({ type: 'array', items, description });

const finding = object({
  quote: text('the words of the text that this is about, copied exactly, without line numbers'),
  line: { type: 'integer', description: 'the number of the line on which the quote begins' },
  category: { type: 'string', enum: [...categories] },
  severity: { type: 'string', enum: [...severities] },
  message: text('what is wrong and why it matters'),
  suggestion: text('what to do about it; empty if there is nothing to say'),
});

/**
 * The answer a reviewer wants, for strict modes: every property required, no other allowed, no limits that a provider may not know
 * (they stand in words). It is the same for every text, so that providers need to prepare it once.
 *
 * Out     criteria is an object with one field for each criterion, so that none can be left out
 */
export function answerSchema(criteria: readonly AskedCriterion[]): Schema {
  return object({
    nonce: text('the nonce of the question, copied exactly'),
    criteria: object(Object.fromEntries(criteria.map(({ key }) => [key, object({ score: mark('0 to 10'), reason: text('why, in one or two sentences') })]))),
    findings: list(finding, 'the worst first'),
    strengths: list({ type: 'string' }, 'each with a passage of the text in double quotation marks'),
    weaknesses: list({ type: 'string' }, 'in short'),
    recommendations: list({ type: 'string' }, 'the most important first'),
    technical_notes: text('what else matters to whoever works on it; may be empty'),
    conclusion: text('the judgement in one or two sentences'),
    rationale: text('what it rests on'),
    score: mark('0 to 10 for the whole'),
    ready: { type: 'boolean', description: 'whether it can be used as it is' },
  });
}

function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
