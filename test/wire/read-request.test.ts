import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { readRequest, type RequestDefaults } from '#wire/read-request.ts';

const defaults: RequestDefaults = {
  resolveRoot: (root) => root ?? '/workspace',
  limits: {},
  profiles: { strict: { targetScore: 95 } },
  weights: {},
  criteria: [],
  fallbacks: [], reviewers: ['static'],
  save: 'none',
  formats: ['markdown', 'json', 'html'],
  reportFormats: ['markdown', 'json', 'html', 'sarif'],
  asksModel: (id) => {
    if (id === 'static') return false;
    if (id === 'codex') return true;
    throw new AppError('Misconfigured', 'REVIEWER_UNKNOWN', `There is no reviewer "${id}".`);
  },
  knowsImprover: (id) => id === 'static' || id === 'codex',
};

function refusal(raw: unknown): [string, string, string] {
  try {
    readRequest(raw, defaults);
  } catch (error) {
    if (error instanceof AppError) return [error.kind, error.code, error.message];
    throw error;
  }
  throw new Error('was accepted');
}

describe('reading a review request', () => {
  test('a path alone gets the defaults of seed 004: target 85, 5 iterations, 60 s, 10 min', () => {
    expect(readRequest({ artifact: { path: 'src/a.ts' } }, defaults)).toEqual({
      artifact: { path: 'src/a.ts' },
      request: {
        root: '/workspace',
        limits: { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 600_000 },
        reviewers: ['static'],
        improver: 'static',
        profile: 'code',
        criteria: [],
        weights: {},
        requested: ['syntax', 'logic', 'performance', 'security'],
        checks: [],
        minSeverity: 'info',
        baseline: [],
        save: 'none',
        approval: 'none',
        formats: ['markdown', 'json', 'html'],
        tenant: 'default',
      },
    });
  });

  test('every field of the contract is taken over', () => {
    const read = readRequest(
      {
        artifact: { path: 'a.py', lines: [[10, 24]] }, root: '/repo', language: 'python', target_score: 90, max_iterations: 2,
        iteration_timeout_ms: 5000, timeout_ms: 9000, reviewers: ['static', 'static'], improver: 'static', profile: 'code',
        criteria: [{ name: 'clarity', weight: 2, description: 'reads well' }], weights: { syntax: 0.5 },
        review_options: { check_performance: false }, save: 'commit', approval: 'before_save', min_severity: 'low',
        baseline: ['0123'], budget_usd: 1.5, budget_tokens: 9_000, project_path: 'docs', formats: ['sarif'], tenant: 'team-a', priority: 2,
      },
      defaults,
    );
    expect(read).toEqual({
      artifact: { path: 'a.py', lines: [[10, 24]] },
      request: {
        root: '/repo', language: 'python', limits: { targetScore: 90, maxIterations: 2, iterationTimeoutMs: 5000, timeoutMs: 9000 },
        reviewers: ['static'], improver: 'static', profile: 'code', criteria: [{ name: 'clarity', weight: 2, description: 'reads well' }],
        weights: { syntax: 0.5 }, requested: ['syntax', 'logic', 'security'], checks: [], minSeverity: 'low', baseline: ['0123'],
        save: 'commit', approval: 'before_save', budgetUsd: 1.5, budgetTokens: 9_000, projectPath: 'docs', formats: ['sarif'], tenant: 'team-a',
      },
    });
  });

  test('seed 004\'s payload is accepted as it stands, and its path is just a name', () => {
    const payload = {
      file_path: '/path/to/code.py',
      code_content: "def hello():\n    print('world')",
      language: 'python',
      review_options: { check_syntax: true, check_logic: true, check_performance: true, check_security: true },
    };
    const read = readRequest(payload, defaults);
    expect([read.artifact, read.inlineText, read.request.language]).toEqual([{ name: 'code.py' }, "def hello():\n    print('world')", 'python']);
    expect(readRequest({ message_type: 'code_review_request', message_id: 'm', task_id: 't', iteration: 1, payload }, defaults)).toEqual(read);
  });

  test('given text is handed on beside its name', () => {
    const read = readRequest({ artifact: { name: 'a.md', text: '# Hi\n' } }, defaults);
    expect([read.artifact, read.inlineText]).toEqual([{ name: 'a.md' }, '# Hi\n']);
  });

  test('stored text is named by its hash', () => {
    const sha256 = 'a'.repeat(64);
    expect(readRequest({ artifact: { name: 'a.md', sha256 } }, defaults).artifact).toEqual({ name: 'a.md', sha256 });
  });

  test('a task comes with its text or its hash, and brings the profile document', () => {
    const sha256 = 'a'.repeat(64);
    const inline = readRequest({ artifact: { task: 'Write a plan.', name: 'docs/plan.md' } }, defaults);
    expect([inline.artifact, inline.inlineText, inline.request.profile]).toEqual([{ task: {}, name: 'docs/plan.md' }, 'Write a plan.', 'document']);
    const stored = readRequest({ artifact: { task_sha256: sha256 } }, defaults);
    expect([stored.artifact, stored.inlineText, stored.request.profile]).toEqual([{ task: { sha256 } }, undefined, 'document']);
  });

  test('a stored text may be one that is to become a file', () => {
    const sha256 = 'a'.repeat(64);
    expect(readRequest({ artifact: { path: 'docs/a.md', sha256 } }, defaults).artifact).toEqual({ path: 'docs/a.md', sha256 });
    const { artifact, request } = readRequest({ artifact: { path: 'a.ts', sha256, task_sha256: sha256 } }, defaults);
    expect([artifact, request.profile]).toEqual([{ path: 'a.ts', sha256, taskSha256: sha256 }, 'code']);
  });

  test('a model among the reviewers brings the profile document, and the first one improves', () => {
    const { request } = readRequest({ artifact: { path: 'a.md' }, reviewers: ['static', 'codex'] }, defaults);
    expect([request.profile, request.improver, request.limits]).toEqual(['document', 'codex', { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 600_000, timeoutMs: 3_600_000 }]);
  });

  test('checks are taken by name, each once, and bring the time that a test suite takes', () => {
    const { request } = readRequest({ artifact: { path: 'a.ts' }, checks: ['tests', 'types', 'tests'] }, defaults);
    expect([request.checks, request.profile, request.improver, request.limits.iterationTimeoutMs]).toEqual([['tests', 'types'], 'document', 'static', 600_000]);
  });

  test('a named profile of the settings sets limits, the request still has the last word', () => {
    expect(readRequest({ artifact: { path: 'a.ts' }, profile: 'strict' }, defaults).request.limits.targetScore).toBe(95);
    expect(readRequest({ artifact: { path: 'a.ts' }, profile: 'strict', target_score: 70 }, defaults).request.limits.targetScore).toBe(70);
  });
});

describe('refusing a review request', () => {
  test.each([
    ['no object', 'hello', 'takes one JSON object'],
    ['no artifact', {}, 'needs an artifact'],
    ['an unknown field, by name', { artifact: { path: 'a.ts' }, taget_score: 3 }, '"taget_score"'],
    ['a target above 100', { artifact: { path: 'a.ts' }, target_score: 101 }, 'target_score'],
    ['no iteration', { artifact: { path: 'a.ts' }, max_iterations: 0 }, 'max_iterations'],
    ['half an iteration', { artifact: { path: 'a.ts' }, max_iterations: 1.5 }, 'max_iterations'],
    ['a NaN target', { artifact: { path: 'a.ts' }, target_score: Number.NaN }, 'target_score'],
    ['lines that go backwards', { artifact: { path: 'a.ts', lines: [[9, 2]] } }, 'artifact'],
    ['an unknown format', { artifact: { path: 'a.ts' }, formats: ['pdf'] }, '"pdf"'],
    ['every category off', { artifact: { path: 'a.ts' }, review_options: { check_syntax: false, check_logic: false, check_performance: false, check_security: false } }, 'review_options'],
    ['an unknown field of the seed\'s payload', { file_path: 'a.py', code_content: '', colour: 1 }, '"colour"'],
  ])('%s is InvalidInput', (_name, raw, told) => {
    const [kind, code, message] = refusal(raw);
    expect([kind, code]).toEqual(['InvalidInput', 'INPUT_INVALID']);
    expect(message).toContain(told);
  });

  test.each([
    ['an unknown profile', { artifact: { path: 'a.ts' }, profile: 'lenient' }, 'PROFILE_UNKNOWN'],
    ['an unknown reviewer', { artifact: { path: 'a.ts' }, reviewers: ['nobody'] }, 'REVIEWER_UNKNOWN'],
    ['an unknown improver', { artifact: { path: 'a.ts' }, improver: 'nobody' }, 'IMPROVER_UNKNOWN'],
  ])('%s is Misconfigured', (_name, raw, code) => {
    expect(refusal(raw).slice(0, 2)).toEqual(['Misconfigured', code]);
  });

  test.each([
    ['no task', { artifact: { task: ' \n' } }, 'TASK_EMPTY'],
    ['a task above 256 KiB', { artifact: { task: 'あ'.repeat(100_000) } }, 'TASK_TOO_LARGE'],
    ['a task and a path', { artifact: { task: 'Write', path: 'a.md' } }, 'INPUT_INVALID'],
    ['a hash that is none', { artifact: { task_sha256: 'x' } }, 'INPUT_INVALID'],
  ])('%s cannot be drafted', (_name, raw, code) => {
    expect(refusal(raw).slice(0, 2)).toEqual(['InvalidInput', code]);
  });

  test('text above 256 KiB is too large for a raw request', () => {
    expect(refusal({ artifact: { name: 'a.md', text: 'あ'.repeat(100_000) } })[1]).toBe('INPUT_TOO_LARGE');
  });
});
