import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planEvaluation } from '#mcp/plan-evaluation.ts';
import type { AppError } from '#domain/errors.ts';
import { planRun, type Sources } from '#mcp/requests.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';
import { callOf, serviceOf } from './fake-call.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch('mcp-requests');
  scratch.put('src/a.ts', 'export const a = 1;\n');
  scratch.put('docs/spec.md', '# Spec\n');
});
afterEach(() => scratch.remove());

describe('the request of a call', () => {
  test('of a file is its path below the root, the settings of the project, and the wishes above them', async () => {
    scratch.put('koubou.yaml', 'review:\n  target: 70\n  max_iterations: 3\n  profiles: { strict: { target: 95 } }\n');
    const call = callOf(serviceOf(scratch), { tenant: 'team' });
    expect(await planRun(call, { path: `${scratch.root}/src/a.ts` }, { max_iterations: 2, save: 'write' })).toEqual({
      kind: 'review', request: { artifact: { path: 'src/a.ts' }, root: scratch.root, target_score: 70, max_iterations: 2, save: 'write', tenant: 'team' },
    });
    expect(await planRun(call, { path: 'src/a.ts' }, { profile: 'strict' })).toMatchObject({ request: { target_score: 95 } });
    await expect(planRun(call, { path: 'src/a.ts' }, { profile: 'nonesuch' })).rejects.toMatchObject({ code: 'PROFILE_UNKNOWN' });
  });

  test('of several paths, of a diff and of a text', async () => {
    const call = callOf(serviceOf(scratch));
    expect(await planRun(call, { paths: ['docs', './src/a.ts', 'docs/'] }, {})).toEqual({ kind: 'batch', request: { root: scratch.root, paths: ['docs', 'src/a.ts'] } });
    expect(await planRun(call, { diff: 'main' }, {})).toEqual({ kind: 'batch', request: { root: scratch.root, diff: { base: 'main' } } });
    expect(await planRun(call, { diff: '' }, {})).toEqual({ kind: 'batch', request: { root: scratch.root, diff: {} } });
    expect(await planRun(call, { text: 'x = 1\n', name: 'a.py' }, { approval: 'none' })).toEqual({ kind: 'review', request: { root: scratch.root, artifact: { name: 'a.py', text: 'x = 1\n' } } });
  });

  test('of a task is its words, the path of the new file, and whoever can write', async () => {
    const call = callOf(serviceOf(scratch, { models: ['claude', 'codex'] }));
    expect(await planRun(call, { task: 'Write a parser.', name: 'src/parse.ts' }, { save: 'commit' })).toEqual({
      kind: 'review', request: { artifact: { task: 'Write a parser.', name: 'src/parse.ts' }, root: scratch.root, improver: 'claude', save: 'commit' },
    });
    expect(await planRun(call, { task: 'Write a parser.' }, { reviewers: ['codex'] })).toEqual({ kind: 'review', request: { artifact: { task: 'Write a parser.' }, root: scratch.root, reviewers: ['codex'] } });
    const refused = (sources: Sources): Promise<unknown> => planRun(call, sources, {}).then(() => null, (error: unknown) => (error as AppError).code);
    expect([await refused({ task: ' ' }), await refused({ task: 'x', name: 'src/a.ts' }), await refused({ task: 'x', name: '../b.ts' }), await refused({ task: 'x', name: '/etc/b.ts' }), await refused({ task: 'x', text: 'y' })]).toEqual([
      'TASK_EMPTY', 'PATH_TAKEN', 'PATH_TRAVERSAL', 'ROOT_NOT_ALLOWED', 'INPUT_INVALID',
    ]);
    await expect(planRun(callOf(serviceOf(scratch)), { task: 'x' }, {})).rejects.toMatchObject({ code: 'TASK_NEEDS_MODEL' });
  });

  test('that asks before saving has to save', async () => {
    await expect(planRun(callOf(serviceOf(scratch)), { path: 'src/a.ts' }, { approval: 'before_save' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('stays in one root', async () => {
    const call = callOf(serviceOf(scratch, { folders: [scratch.root, scratch.outside] }));
    await expect(planRun(call, { paths: ['docs', scratch.outside] }, {})).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(planRun(callOf(serviceOf(scratch, { folders: [] })), { path: 'src/a.ts' }, {})).rejects.toMatchObject({ code: 'ROOT_NOT_ALLOWED' });
  });

  test('obeys the rules of the settings', async () => {
    const call = callOf(serviceOf(scratch, { env: { KOUBOU_SAVE_ALLOWED_EXTENSIONS: '.md' } }));
    await expect(planRun(call, { path: 'src/a.ts' }, {})).rejects.toMatchObject({ code: 'EXT_NOT_ALLOWED' });
  });
});

describe('the request of a judgement', () => {
  const judged = { profile: 'evaluate', max_iterations: 1, save: 'none', improver: 'static' };

  test('has the first model that can be asked judge, by the target of the environment', async () => {
    const call = callOf(serviceOf(scratch, { env: { TARGET_SCORE: '7.5' }, models: ['codex', 'claude'] }));
    expect(await planEvaluation(call, { path: 'docs/spec.md', project_path: '.' })).toEqual({
      targetScore: 7.5,
      request: { ...judged, artifact: { path: 'docs/spec.md' }, root: scratch.root, project_path: '.', reviewers: ['codex'], target_score: 75 },
    });
  });

  test('falls back to the engines, and names a text by its kind', async () => {
    const { request, targetScore } = await planEvaluation(callOf(serviceOf(scratch)), { content: '# A\n', document_type: 'Design Doc!' });
    expect([request.artifact, request.reviewers, targetScore]).toEqual([{ name: 'design-doc.md', text: '# A\n' }, ['static'], 8]);
  });

  test('takes criteria by name or whole, and weights of criteria and of categories', async () => {
    const { request } = await planEvaluation(callOf(serviceOf(scratch)), {
      content: '# A\n', criteria: ['clarity', { name: 'depth', weight: 3, description: 'Every case.' }], weights: { clarity: 2, logic: 1, tone: 5 },
    });
    expect([request.criteria, request.weights]).toEqual([
      [{ name: 'clarity', weight: 2, description: '' }, { name: 'depth', weight: 3, description: 'Every case.' }, { name: 'tone', weight: 5, description: '' }],
      { logic: 1 },
    ]);
    await expect(planEvaluation(callOf(serviceOf(scratch)), { content: 'x', criteria: [{ nom: 'a' }] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test.each([
    [{}, 'INPUT_INVALID'],
    [{ content: 'x', path: 'docs/spec.md' }, 'INPUT_INVALID'],
    [{ path: 'docs/none.md' }, 'NOT_FOUND'],
    [{ content: 'x', weights: { syntax: 0, logic: 0, performance: 0, security: 0 } }, 'INPUT_INVALID'],
    [{ content: 'x', project_path: '/etc' }, 'ROOT_NOT_ALLOWED'],
    [{ content: 'x', project_path: 'docs/spec.md' }, 'NOT_FOUND'],
  ])('%j is refused with %s', async (wish, code) => {
    await expect(planEvaluation(callOf(serviceOf(scratch)), wish)).rejects.toMatchObject({ code });
  });
});
