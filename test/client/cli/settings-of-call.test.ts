import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, settingsFingerprint } from '#config.ts';
import type { Call, Program } from '#client/cli/call.ts';
import { loadCallSettings } from '#client/cli/call-settings.ts';
import { isOwnAddress } from '#client/own-address.ts';
import { parseCommandLine } from '#client/cli/parse.ts';
import { planReview } from '#client/cli/review-plan.ts';
import { requestSettings } from '#client/request-settings.ts';
import { webUiLink } from '#client/cli/session.ts';
import { makeScratch, type Scratch } from '../../support/scratch.ts';
import { testOutput, type TestOutput } from './fake-output.ts';

let scratch: Scratch;
let out: TestOutput;
beforeEach(() => {
  scratch = makeScratch('settings');
  mkdirSync(join(scratch.root, '.git'));
  out = testOutput();
});
afterEach(() => scratch.remove());

function call(line: string, env: Record<string, string> = {}, input = ''): Call {
  const { flags, arguments: words } = parseCommandLine(line.split(' '));
  const environment = { HOME: scratch.outside, KOUBOU_HOME: scratch.outside, ...env };
  const facts = { cwd: scratch.root, noColor: false, forceColor: false, isCi: false, searchPath: '' };
  return { program: { facts, environment, readInput: () => Promise.resolve(new TextEncoder().encode(input)) } as unknown as Program, output: out.output, flags, arguments: words };
}

describe('the service of a call', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['status', {}, undefined],
    ['status --address temporal.example:7233', {}, '--address'],
    ['status', { TEMPORAL_ADDRESS: 'temporal.example:7233' }, 'TEMPORAL_ADDRESS'],
    ['status', { KOUBOU_TEMPORAL_ADDRESS: 'temporal.example:7233' }, 'KOUBOU_TEMPORAL_ADDRESS'],
    ['status --address temporal.example:7233', { TEMPORAL_ADDRESS: 'other.example:7233' }, '--address'],
  ])('koubou %s with %j is named by %s', async (line, env, named) => {
    const { external } = await loadCallSettings(call(line, env));
    expect(external).toEqual(named === undefined ? undefined : { address: 'temporal.example:7233', namespace: 'default', named });
  });

  test('may be named by the file of --config', async () => {
    scratch.put('other.yaml', 'temporal:\n  address: temporal.example:7233\n  namespace: team\n');
    const { external } = await loadCallSettings(call('status --config other.yaml'));
    expect(external).toEqual({ address: 'temporal.example:7233', namespace: 'team', named: 'the file of --config' });
  });

  test('is the local one where TEMPORAL_ADDRESS says what `up` printed', async () => {
    mkdirSync(join(scratch.outside, 'state'), { recursive: true });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(scratch.outside, 'state/service-ports.json'), '{"grpc":7299,"ui":8299}');
    const own = await loadCallSettings(call('status', { TEMPORAL_ADDRESS: '127.0.0.1:7299' }));
    const plain = await loadCallSettings(call('status'));
    expect([own.external, own.environment['TEMPORAL_ADDRESS'], settingsFingerprint(own.config)]).toEqual([undefined, undefined, settingsFingerprint(plain.config)]);
    const other = await loadCallSettings(call('status', { TEMPORAL_ADDRESS: '127.0.0.1:7233' }));
    expect(other.external?.named).toBe('TEMPORAL_ADDRESS');
    const flagged = await loadCallSettings(call('status --address 127.0.0.1:7299'));
    expect(flagged.external?.named).toBe('--address');
    expect([isOwnAddress(join(scratch.outside, 'state'), 'localhost:7299'), isOwnAddress(scratch.root, '127.0.0.1:7233')]).toEqual([true, false]);
  });

  test('that this call starts sees the same settings', async () => {
    scratch.put('other.yaml', 'workers:\n  idle_exit: 5m\nsave:\n  forbidden: [secrets]\n');
    const { config, environment } = await loadCallSettings(call('status --config other.yaml'));
    const service = await loadConfig({ cwd: '/', env: environment });
    expect(settingsFingerprint(service)).toBe(settingsFingerprint(config));
    expect(service.settings.workers.idleExitMs).toBe(300_000);
  });
});

test('warnings of the settings are told', async () => {
  scratch.put('koubou.yaml', 'workers:\n  idle_exit: 5m\n');
  await loadCallSettings(call('status --quiet'));
  expect(out.stderr.text).toMatch(/^koubou: The project's koubou\.yaml sets workers\.idle_exit: that counts only after `koubou trust .*\n$/);
});

describe('what settings put into a request', () => {
  const read = async (yaml: string, env: Record<string, string> = {}) => {
    scratch.put('koubou.yaml', yaml);
    return requestSettings((await loadCallSettings(call('status', env))).config);
  };

  test('is nothing where nothing is set', async () => {
    expect(await read('# empty\n')).toEqual({ shared: {}, profiles: {} });
  });

  test('is what is set, profiles by their limits', async () => {
    const yaml = [
      'review:', '  target: 70', '  timeout: 2m', '  weights:', '    security: 0.5', '  criteria:', '    - { name: Tone, weight: 1, description: Plain. }',
      '  profiles:', '    strict: { target: 95, max_iterations: 8, iteration_timeout: 30s }', 'reviewers: [static, other]', 'improver: static', 'reports:', '  formats: [html]',
    ].join('\n');
    expect(await read(yaml, { KOUBOU_SAVE_MODE: 'write' })).toEqual({
      shared: {
        target_score: 70, timeout_ms: 120_000, weights: expect.objectContaining({ security: 0.5 }), criteria: [{ name: 'Tone', weight: 1, description: 'Plain.' }],
        reviewers: ['static', 'other'], improver: 'static', save: 'write', formats: ['html'],
      },
      profiles: { strict: { target_score: 95, max_iterations: 8, iteration_timeout_ms: 30_000 } },
    });
  });
});

describe('the plan of a review', () => {
  const plan = async (line: string, { env, input }: { env?: Record<string, string>; input?: string } = {}) => {
    const planned = call(line, env, input);
    return planReview(planned, await loadCallSettings(planned));
  };
  beforeEach(() => {
    scratch.put('a.ts', 'export {};\n');
    scratch.put('src/b.ts', 'export {};\n');
  });

  test('of one file is one review', async () => {
    const { root } = scratch;
    expect(await plan('review ./a.ts --target 90')).toEqual({ kind: 'review', request: { root, target_score: 90, artifact: { path: 'a.ts' } }, name: 'a.ts', watched: [join(root, 'a.ts')] });
  });

  test('of a folder, of several paths or of a diff is a batch', async () => {
    const { root } = scratch;
    expect(await plan('review src')).toEqual({ kind: 'batch', request: { root, paths: ['src'] }, name: 'src', watched: [join(root, 'src')] });
    expect(await plan('review .')).toMatchObject({ kind: 'batch', request: { paths: ['.'] }, name: '.' });
    expect(await plan('review a.ts src ./a.ts')).toMatchObject({ kind: 'batch', request: { paths: ['a.ts', 'src'] }, name: '2 paths' });
    expect(await plan('review --diff')).toEqual({ kind: 'batch', request: { root, diff: {} }, name: 'changed lines', watched: [root] });
    expect(await plan('review --diff main')).toMatchObject({ request: { diff: { base: 'main' } }, name: 'lines changed since main' });
  });

  test('of a text has the text, byte for byte, and is never saved', async () => {
    const text = '\ufeffone\r\ntwo';
    expect(await plan('review --stdin --name x.md', { env: { KOUBOU_SAVE_MODE: 'commit' }, input: text })).toEqual({
      kind: 'review', request: { root: scratch.root, artifact: { name: 'x.md', text } }, name: 'x.md', watched: [],
    });
  });

  test('of a file on a service elsewhere is checked by its letters alone', async () => {
    const elsewhere = '--address temporal.example:7233';
    expect(await plan(`review not-here.ts ${elsewhere}`)).toMatchObject({ request: { artifact: { path: 'not-here.ts' } } });
    await expect(plan(`review .git/config ${elsewhere}`)).rejects.toMatchObject({ code: 'PATH_DENIED_NAME' });
    await expect(plan('review not-here.ts')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a run has a link in the Web UI of the local service, and none elsewhere', () => {
  const run = { workflowId: 'batch-1/run/2', runId: 'r' };
  expect(webUiLink({ temporal: { address: 'a', namespace: 'default', uiUrl: 'http://127.0.0.1:8233' } }, run)).toBe('http://127.0.0.1:8233/namespaces/default/workflows/batch-1%2Frun%2F2/r/history');
  expect(webUiLink({ temporal: { address: 'a', namespace: 'default' } }, run)).toBe(undefined);
});
