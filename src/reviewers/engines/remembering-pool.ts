import { createHash } from 'node:crypto';
import type { EngineOutput } from './engine.ts';
import type { EnginePool } from './pool.ts';
import type { EngineCall } from './thread.ts';

/** Answers kept; a run asks for the same text up to three times (review, improve, the review that verifies) and eight engines at most. */
const remembered = 64;

/** The same pool, but a text that an engine has seen lately is not shown to it again. Failures are never remembered. */
export function rememberAnswers(pool: EnginePool): EnginePool {
  const answers = new Map<string, EngineOutput>();
  return {
    ...pool,
    run: async (call, limits) => {
      limits.signal.throwIfAborted();
      const key = keyOf(call);
      const known = answers.get(key);
      if (known !== undefined) return { output: known, durationMs: 0 };
      const answer = await pool.run(call, limits);
      if ('output' in answer) answers.set(key, answer.output);
      // A Map keeps the order of insertion: the first key is the oldest.
      if (answers.size > remembered) answers.delete(answers.keys().next().value!);
      return answer;
    },
  };
}

function keyOf({ engine, document: { name, language, depth, text, previousText } }: EngineCall): string {
  const texts = [text, ...(previousText === undefined ? [] : [previousText])].map((part) => createHash('sha256').update(part).digest('hex'));
  return JSON.stringify([engine, name, language, depth, ...texts]);
}
