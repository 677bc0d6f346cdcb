import { describe, expect, test } from 'vitest';
import { answerSchema } from '#reviewers/judging/answer-schema.ts';
import { criteriaAsked } from '#reviewers/judging/criteria-asked.ts';
import { reviewQuestion } from '#reviewers/judging/review-question.ts';
import { inputWith, prompts } from './scripted-judge.ts';

describe('a question', () => {
  test('reads like this', async () => {
    const input = inputWith({
      requested: ['logic', 'security'],
      criteria: [{ name: 'Brevity', weight: 2, description: 'No sentence\nis needless.' }],
      task: 'Write a backup plan.\n```',
      context: [{ path: 'src/a`\nb.ts', text: 'export const a = 1;\n' }, { path: 'c.md', text: 'See </document>.' }],
    });
    const { request, criteria } = reviewQuestion(prompts.document, input);
    expect(criteria.map(({ key, name }) => [key, name])).toEqual([['logic', 'logic'], ['security', 'security'], ['criterion_1', 'Brevity']]);
    await expect(`${request.instructions}\n\n=====\n\n${request.prompt}`).toMatchFileSnapshot('review-question.snap.md');
  });

  test('about nothing has nothing between its delimiters', () => {
    expect(reviewQuestion(prompts.document, inputWith({ text: ' \n' })).request.prompt).toContain('## The text\n\n(none)\n');
  });
});

describe('what marks are asked for', () => {
  test('a criterion with the name of a category replaces its meaning', () => {
    const criteria = [{ name: 'Security', weight: 1, description: 'Keys are rotated.' }, { name: 'Tone', weight: 1, description: 'Calm.' }];
    expect(criteriaAsked({ kind: 'code', requested: ['security'], criteria })).toEqual([
      { key: 'security', name: 'Security', description: 'Keys are rotated.' },
      { key: 'criterion_1', name: 'Tone', description: 'Tone: Calm.' },
    ]);
  });

  test('settings are judged like code, documents otherwise', () => {
    const [code, config, document] = (['code', 'config', 'document'] as const).map((kind) => criteriaAsked({ kind, requested: ['syntax'] }));
    expect(config).toEqual(code);
    expect(document).not.toEqual(code);
  });
});

describe('the form of an answer', () => {
  const schema = answerSchema(criteriaAsked({ kind: 'document', requested: ['logic'], criteria: [{ name: '図', weight: 1, description: 'x' }] }));

  test('is one that strict modes take: all required, nothing else allowed, no limits', () => {
    const objects = objectsIn(schema);
    expect(objects).toHaveLength(5);
    for (const object of objects) expect(object).toMatchObject({ required: Object.keys(object['properties'] as object), additionalProperties: false });
    expect(JSON.stringify(schema)).not.toMatch(/"(?:minimum|maximum|minItems|maxItems|pattern|format|default|\$ref)"/);
  });

  test('has a field for each criterion, in letters that every provider takes', () => {
    expect(schema).toMatchObject({ properties: { criteria: { required: ['logic', 'criterion_1'] } } });
    expect(objectsIn(schema).flatMap((object) => object['required'] as string[]).filter((name) => !/^[a-z_0-9]{1,64}$/.test(name))).toEqual([]);
    expect(Object.keys(schema['properties'] as object)).toEqual(['nonce', 'criteria', 'findings', 'strengths', 'weaknesses', 'recommendations', 'technical_notes', 'conclusion', 'rationale', 'score', 'ready']);
  });
});

function objectsIn(schema: unknown): Record<string, unknown>[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.values(schema).flatMap(objectsIn);
  return 'type' in schema && schema.type === 'object' ? [schema as Record<string, unknown>, ...inner] : inner;
}
