import type { AnswerFinding } from '#reviewers/answers/read-answer.ts';
import type { Evidence } from './evidence.ts';
import { categoryOf } from './finding-words.ts';

/** Shorter words are names; keys, tokens and passwords worth the name are longer and mix letters with digits. */
const shortestSecret = 8;

/**
 * Takes out of a model's words what it may have copied of a secret: the words of the passages that its security findings quote, as far
 * as they look like keys. A second net: what engines for secrets find is masked by them.
 */
export function secretMask(text: string, findings: readonly AnswerFinding[], evidence: Evidence): (words: string) => string {
  const passages = findings.flatMap((finding) => {
    const passage = categoryOf(finding) === 'security' && finding.quote !== undefined ? evidence.find(finding.quote, finding.line) : null;
    return passage === null ? [] : [text.slice(passage.start, passage.end)];
  });
  const secrets = [...new Set(passages.flatMap((passage) => passage.split(/[\s"'`=:;,()[\]{}<>]+/)).filter(looksSecret))].toSorted((a, b) => b.length - a.length);
  return (words) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), words);
}

function looksSecret(word: string): boolean {
  return word.length >= shortestSecret && /\d/.test(word) && /[A-Za-z]/.test(word);
}
