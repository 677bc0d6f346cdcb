import type { CheckEvidence } from '#reviewers/reviewer.ts';
import { inOneLine } from './as-data.ts';
import type { PromptTemplate } from './prompt-template.ts';

/** Of all checks together, in UTF-16 units. */
const evidenceLength = 12_000;

const words = { passed: 'passed', failed: 'FAILED', flaky: 'failed once and passed when it was run again' } as const;

/** What the user's own checks said, as one untrusted text; '' where there were none. Every failure gets the same share of room. */
export function evidenceText(evidence: readonly CheckEvidence[] = []): string {
  const share = Math.floor(evidenceLength / Math.max(1, evidence.filter(({ output }) => output !== '').length));
  return evidence.map(({ name, outcome, output }) => [`check ${inOneLine(name, 100)}: ${words[outcome]}`, ...(output === '' ? [] : [endOf(output, share)])].join('\n')).join('\n\n');
}

// What failed is told at the end.
function endOf(output: string, length: number): string {
  if (output.length <= length) return output;
  const end = output.slice(-length).toWellFormed();
  return `[the beginning is left out]\n${end.slice(end.indexOf('\n') + 1)}`;
}

const section = `
## What the project's own checks said of this text

They were run on a copy of the project with the text in its place. A check that fails is a fact; why it fails is for you to find out.

{{checks}}
`;

/** The template with a place for it, before it says how to answer; as it is where there is nothing to say, so that such a question stays the same. */
export function withChecks(template: PromptTemplate, text: string): PromptTemplate {
  if (text === '') return template;
  const at = template.text.lastIndexOf('\n## ', template.text.indexOf('{{answer_format}}'));
  const [before, after] = at === -1 ? [template.text, ''] : [template.text.slice(0, at), template.text.slice(at)];
  return { ...template, text: before + section + after };
}
