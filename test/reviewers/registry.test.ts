import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { createDefaultRegistry, createRegistry } from '#reviewers/registry.ts';
import { createStaticImprover } from '#reviewers/static-improver.ts';
import { createStaticReviewer } from '#reviewers/static-reviewer.ts';
import { engineOf, inProcessPool } from './support/in-process-pool.ts';

const pool = inProcessPool([engineOf('one', () => ({ findings: [], parses: true }))]);

describe('the registry', () => {
  const reviewer = createStaticReviewer(pool);
  const improver = createStaticImprover(pool);
  const registry = createRegistry({ reviewers: [reviewer, { ...reviewer, id: 'other' }], improvers: [improver] });

  test('knows reviewers and improvers by their ids', () => {
    expect(registry.reviewer('static')).toBe(reviewer);
    expect(registry.improver('static')).toBe(improver);
    expect(registry.ids()).toEqual({ reviewers: ['static', 'other'], improvers: ['static'] });
  });

  test('says what there is when it is asked for something else', () => {
    expect(() => registry.reviewer('gpt')).toThrow(new AppError('Misconfigured', 'REVIEWER_UNKNOWN', "There is no reviewer 'gpt'. There is: static, other."));
    expect(() => registry.improver('other')).toThrow(new AppError('Misconfigured', 'REVIEWER_UNKNOWN', "There is no improver 'other'. There is: static."));
    expect(() => createRegistry({ reviewers: [], improvers: [] }).reviewer('x')).toThrow('There is: none.');
  });

  test('has the static ones by default, and starts nothing until they are asked', async () => {
    const own = createDefaultRegistry();
    expect(own.ids()).toEqual({ reviewers: ['static'], improvers: ['static'] });
    await own.close();
  });
});
