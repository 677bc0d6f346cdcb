import { describe, expect, test } from 'vitest';
import { evaluationsOf, tally } from './evaluations.ts';
import type { Tally } from './evaluations.ts';

function line(name: string, { right, total, invented, falseReady }: Tally): string {
  return `${name}: ${right}/${total} right, ${invented} invented, ${falseReady} false ready`;
}

describe('recorded answers', () => {
  const result = tally(evaluationsOf('index.jsonl'));
  console.log(line('recorded answers', result));

  test('are all read as a careful person reads them', () => {
    expect(result).toEqual({ right: 61, total: 61, invented: 0, falseReady: 0, wrong: [] });
  });
});

describe('held-out answers', () => {
  const evaluations = evaluationsOf('held-out.jsonl');
  const result = tally(evaluations);
  console.log(line('held-out answers', result));

  test('are read rightly in at least 98 of 100 cases', () => {
    expect(result.right / result.total, result.wrong.join('\n')).toBeGreaterThanOrEqual(0.98);
  });

  test('yield no score and no yes that they do not give', () => {
    expect({ invented: result.invented, falseReady: result.falseReady }).toEqual({ invented: 0, falseReady: 0 });
  });

  test('number more than 150, in both languages and of every outcome', () => {
    expect(evaluations.length).toBeGreaterThan(150);
    expect(evaluations.filter(({ text }) => /[\u3040-\u30ff]/.test(text)).length).toBeGreaterThan(50);
    const outcomes = new Set(evaluations.map(({ expected }) => expected.outcome));
    expect([...outcomes].toSorted()).toEqual(['ambiguous', 'empty', 'no_score', 'ok', 'out_of_range', 'provider_error', 'refusal', 'truncated']);
  });
});
