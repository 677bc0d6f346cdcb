import { linesForJudges } from './judging/injection.ts';
import { secretsIn } from './judging/secrets-in-text.ts';

/** What models are shown of a project: so many tokens, and nothing that speaks to a judge or holds a secret. */
export function contextRules(tokens: number) {
  return { tokens, linesForJudges, secretsIn };
}
