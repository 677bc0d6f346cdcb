import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadReviewPrompts } from '#reviewers/judging/review-prompts.ts';
import { variablesOf } from '#reviewers/judging/prompt-template.ts';

const folder = mkdtempSync(join(tmpdir(), 'koubou prompts '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function promptFile(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const builtIn = loadReviewPrompts().prompts;

describe('the prompts of this package', () => {
  test.each(['code', 'document', 'evaluate'] as const)('for %s uses every variable there is', (name) => {
    expect([...variablesOf(builtIn[name])].toSorted()).toEqual(['answer_format', 'context', 'criteria', 'document_content', 'file_name', 'language', 'task']);
    expect(builtIn[name].text).not.toContain('not sent');
  });
});

describe('a prompt of the user’s own', () => {
  test('is used for evaluation alone', () => {
    const path = promptFile('own.txt', 'Judge:\n{{document_content}}');
    expect(loadReviewPrompts({ evaluationPromptPath: path })).toEqual({ prompts: { ...builtIn, evaluate: { place: path, text: 'Judge:\n{{document_content}}\n' } }, warnings: [] });
  });

  test.each([
    ['that is missing', () => join(folder, 'none.txt')],
    ['that is a folder', () => folder],
    ['that is empty', () => promptFile('empty.txt', ' \n')],
    ['that is no text', () => promptFile('binary.txt', new Uint8Array([0, 1, 2]))],
    ['that is too large', () => promptFile('large.txt', 'x'.repeat(256_001))],
  ])('%s is warned of, and the built-in one is used', (_, path) => {
    const evaluationPromptPath = path();
    expect(loadReviewPrompts({ evaluationPromptPath })).toEqual({
      prompts: builtIn,
      warnings: [`EVALUATION_PROMPT_PATH names ${evaluationPromptPath}, which cannot be read as text of at most 256000 bytes. The built-in prompt is used.`],
    });
  });

  test.each(['Judge the document.', '<!-- {{document_content}} -->\nJudge.'])('that does not say where the document stands is refused: %s', (text) => {
    const path = promptFile('without.txt', text);
    expect(() => loadReviewPrompts({ evaluationPromptPath: path })).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'PROMPT_INVALID', message: `The prompt ${path} does not hold {{document_content}}. Put it where the document is to stand.` }));
  });
});
