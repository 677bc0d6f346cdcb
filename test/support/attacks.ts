import { readFileSync } from 'node:fs';

export interface Attack {
  readonly id: string;
  readonly class: string;
  readonly input: unknown;
  readonly expected: string;
}

const lines = readFileSync(new URL('../fixtures/attacks/files-and-git.jsonl', import.meta.url), 'utf8').trim().split('\n');
const rows = lines.map((line) => JSON.parse(line) as Attack);

export function attacksOf(...classes: string[]): Attack[] {
  return rows.filter((row) => classes.includes(row.class));
}

export function attack(id: string): Attack {
  const row = rows.find((candidate) => candidate.id === id);
  if (row === undefined) throw new Error(`no attack ${id}`);
  return row;
}
