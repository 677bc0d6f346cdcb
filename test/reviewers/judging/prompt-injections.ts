import { readFileSync } from 'node:fs';

interface Attack {
  readonly id: string;
  readonly class: string;
  readonly input: string;
}

/** Texts that try to talk their judge into passing them. */
export const promptInjections: readonly Attack[] = readFileSync(new URL('../../fixtures/attacks/prompt-injection.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Attack);
