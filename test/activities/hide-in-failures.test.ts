import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { Activities } from '#activities/create-activities.ts';
import { hideInFailures } from '#activities/hide-in-failures.ts';

const failure = ApplicationFailure.create({ type: 'Bug', message: 'a secret', details: [{ code: 'UNEXPECTED', workedMs: 5 }], cause: new Error('the secret of the cause') });
const steps = { analysis: { review: () => Promise.reject(failure), improve: (input: number) => Promise.resolve(input + 1) } };
const hidden = hideInFailures(steps as unknown as Activities, (text) => text.replaceAll('secret', '***')) as unknown as typeof steps;

test('What a step fails with is cleaned and else the same', async () => {
  await expect(hidden.analysis.review()).rejects.toBe(failure);
  expect([failure.message, failure.cause?.message, failure.type, failure.details]).toEqual(['a ***', 'the *** of the cause', 'Bug', [{ code: 'UNEXPECTED', workedMs: 5 }]]);
});

test('What a step gives is left alone', async () => {
  expect(await hidden.analysis.improve(1)).toBe(2);
});
