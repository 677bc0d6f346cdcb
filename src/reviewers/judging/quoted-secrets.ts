import type { AnswerFinding } from '#reviewers/answers/read-answer.ts';
import type { Evidence } from './evidence.ts';
import { categoryOf } from './finding-words.ts';

/** Shorter words are names; keys, tokens and passwords worth the name are longer and mix letters with digits. */
const shortestSecret = 8;
const keyHeader = /-----(?:BEGIN|END) [A-Z ]{0,40}PRIVATE KEY-----/g;

export interface SecretSources {
  readonly text: string;
  /** Passages of the text that are known to hold secrets. */
  readonly known: readonly string[];
  readonly answered: readonly AnswerFinding[];
  readonly evidence: Evidence;
}

/**
 * Takes out of a model's words what it may have copied of a secret in the text: the words of the passages that are known to hold one, and
 * of those that its own security findings quote, as far as they look like keys.
 */
export function secretMask({ text, known, answered, evidence }: SecretSources): (words: string) => string {
  const quoted = answered.flatMap((finding) => {
    const passage = categoryOf(finding) === 'security' && finding.quote !== undefined ? evidence.find(finding.quote, finding.line) : null;
    return passage === null ? [] : [text.slice(passage.start, passage.end)];
  });
  const words = [...known, ...quoted].flatMap((passage) => passage.split(/[\s"'`=:;,()[\]{}<>]+/)).map((word) => word.replace(/[.!?。]+$/, ''));
  const secrets = [...new Set([...known.filter(isOneWord), ...words.filter(looksSecret)])].toSorted((a, b) => b.length - a.length);
  return (said) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), said.replace(keyHeader, '***'));
}

function isOneWord(passage: string): boolean {
  return passage.length >= shortestSecret && !/\s/.test(passage);
}

function looksSecret(word: string): boolean {
  return word.length >= shortestSecret && /\d/.test(word) && /[A-Za-z]/.test(word);
}
