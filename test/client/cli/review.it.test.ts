import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { reportWireSchema } from '#wire/report.ts';
import type { Report } from '#domain/report.ts';
import type { SnakeKeys } from '#domain/json-keys.ts';
import { makeCommand, type Command } from '../../support/command.ts';

type WireReport = SnakeKeys<Report>;

let koubou: Command;

/** Scores below 99.9 at first; static fixes raise it. */
const faulty = [
  'export function total(items: { price: number }[]): number {',
  '  let sum = 0;',
  '  for (const item of items) {',
  '    debugger;',
  '    if (item.price == 0) continue;',
  '    sum = sum + item.price;',
  '  }',
  '  return sum;',
  '}',
  '',
].join('\n');

beforeAll(async () => {
  koubou = makeCommand({ KOUBOU_TEMPORAL: inject('temporalPath') });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ann Author');
  git('config', 'user.email', 'ann@example.invalid');
  koubou.write('first.ts', faulty);
  git('add', '.');
  git('commit', '-q', '-m', 'Begin');
  await koubou.run(['up', '--detach']);
});
afterAll(() => koubou.dispose());

function git(...args: string[]): string {
  return execFileSync('git', ['-C', koubou.project, ...args], { encoding: 'utf8' });
}

const review = (...args: string[]) => koubou.json<WireReport>(['review', '--quiet', ...args]);

describe('koubou review PATH', () => {
  test('prints the result, writes nothing into the project, and leaves reports where it says', async () => {
    koubou.write('a.ts', faulty);
    const before = readdirSync(koubou.project).toSorted();
    const { code, stdout, stderr } = await koubou.run(['review', 'a.ts', '--target', '98']);
    expect([code, readdirSync(koubou.project).toSorted(), koubou.read('a.ts')]).toEqual([0, before, faulty]);
    expect(stdout).toMatch(/^✓ Target reached {2}[\d.]+ → [\d.]+ \(target 98\)/);
    expect(stdout).toMatch(/Nothing was written. To save it: koubou apply [0-9a-f-]{36} \[--commit\]/);
    expect(stdout).toMatch(/Web UI {2}http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/review-[0-9a-f]{20}\/[0-9a-f-]{36}\/history/);
    const paths = [...stdout.matchAll(/(\/\S+\/report\.(?:md|json|html))/g)].map(([path]) => path);
    expect([paths.length, paths.every((path) => existsSync(path))]).toEqual([3, true]);
    expect(stderr).toContain('a.ts: ');
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test('prints one JSON object under --json, with the paths of the reports', async () => {
    koubou.write('b.ts', faulty);
    const report = await review('b.ts', '--target', '98');
    expect(report).toMatchObject({ code: 0, schema: 'koubou.report/1', state: 'completed', outcome: 'target_reached', saved: null, commit: null, error: null, artifact: { path: 'b.ts' } });
    expect(Object.keys(report.reports).toSorted()).toEqual(['html', 'json', 'markdown']);
    const written: unknown = JSON.parse(readFileSync(report.reports['json']!, 'utf8'));
    expect(written).toEqual({ ...report, code: undefined });
    expect(reportWireSchema.parse(written)).toEqual(written);
  });

  test('below the target ends with 1, with --no-improve after one iteration', async () => {
    koubou.write('c.ts', faulty);
    expect(await review('c.ts', '--target', '100', '--no-improve')).toMatchObject({ code: 1, outcome: 'max_iterations', iterations: [{ iteration: 1 }], best_revision: { iteration: 1 } });
  });

  test('means the folder the user stands in, and an absolute path inside the root', async () => {
    const file = koubou.write('deep/er/d.ts', faulty);
    const typed = await koubou.json<WireReport>(['review', '../er/d.ts', '--no-improve'], { cwd: join(koubou.project, 'deep/er') });
    const absolute = await koubou.json<WireReport>(['review', file, '--no-improve'], { cwd: koubou.project });
    expect([typed.artifact.path, absolute.artifact.path]).toEqual(['deep/er/d.ts', 'deep/er/d.ts']);
  });

  test('of what no engine can judge ends with 2 and says why', async () => {
    koubou.write('empty.ts', '');
    const report = await review('empty.ts');
    expect([report.code, report.outcome, report.final_score, report.reason]).toEqual([2, 'not_judged', null, 'Nothing was judged: the artifact is empty.']);
  });

  test.each([
    [['a.ts', '--reviewer', 'nobody'], 'REVIEWER_UNKNOWN'],
    [['a.ts', '--improver', 'nobody'], 'IMPROVER_UNKNOWN'],
    [['--diff', 'nonesuch'], 'GIT_BAD_REF'],
  ])('%j is refused with %s, exit 2 and an error object', async (args, code) => {
    const answer = await koubou.json<{ error: { code: string } }>(['review', ...args]);
    expect(answer).toMatchObject({ code: 2, schema: 'koubou.error/1', error: { code }, initial_score: null, final_score: null });
  });
});

describe('limits and choices', () => {
  test('--max-iterations, --iteration-timeout, --timeout, --profile, --reviewer and --improver reach the run', async () => {
    koubou.write('limits.ts', faulty);
    const report = await review('limits.ts', '--target', '100', '--max-iterations', '2', '--iteration-timeout', '20s', '--timeout', '1m', '--profile', 'code', '--reviewer', 'static', '--improver', 'static');
    expect([report.iterations.length <= 2, report.reviewers.map(({ id }) => id), report.target_score]).toEqual([true, ['static'], 100]);
  });

  test('--timeout that is too short ends the run with the best so far', async () => {
    koubou.write('hurry.ts', faulty.replaceAll('sum', 'hurried'));
    expect(await review('hurry.ts', '--timeout', '100ms', '--iteration-timeout', '100ms')).toMatchObject({ state: expect.stringMatching(/^(completed)$/) });
  });

  test('--min-severity and --baseline take findings out of the count and leave them in the report', async () => {
    koubou.write('quiet.ts', faulty);
    const all = await review('quiet.ts', '--no-improve');
    const severe = await review('quiet.ts', '--no-improve', '--min-severity', 'critical');
    const known = await review('quiet.ts', '--no-improve', '--baseline', all.reports['json']!);
    expect(all.finding_count).toBeGreaterThan(0);
    expect([severe.finding_count, severe.findings[0]?.suppressed]).toEqual([0, 'below_min_severity']);
    expect([known.finding_count, known.findings[0]?.suppressed, known.final_score]).toEqual([0, 'baseline', 100]);
  });

  test('--config gives the settings of a file, and a flag goes above it', async () => {
    koubou.write('config.ts', faulty);
    const file = koubou.write('settings/other.yaml', 'review:\n  target: 12\n  max_iterations: 1\n');
    expect(await review('config.ts', '--config', file)).toMatchObject({ target_score: 12, iterations: [{ iteration: 1 }] });
    expect(await review('config.ts', '--config', file, '--target', '13')).toMatchObject({ target_score: 13 });
  });

  test("a project's koubou.yaml travels with the request", async () => {
    koubou.write('other/koubou.yaml', 'review:\n  target: 21\n  profiles:\n    strict:\n      target: 99\n      max_iterations: 1\n');
    koubou.write('other/x.ts', faulty);
    const options = { cwd: join(koubou.project, 'other') };
    expect(await koubou.json(['review', 'x.ts', '--root', '.', '--no-improve'], options)).toMatchObject({ target_score: 21, artifact: { path: 'x.ts' } });
    expect(await koubou.json(['review', 'x.ts', '--root', '.', '--profile', 'strict'], options)).toMatchObject({ target_score: 99, iterations: [{ iteration: 1 }] });
  });
});

describe('what becomes of the result', () => {
  test('--write saves the best revision, --commit commits it and nothing else', async () => {
    koubou.write('written.ts', faulty);
    const written = await review('written.ts', '--target', '98', '--write');
    expect([written.code, written.saved?.path, written.commit, koubou.read('written.ts').includes('debugger')]).toEqual([0, 'written.ts', null, false]);
    koubou.write('bystander.ts', 'export {};\n');
    git('add', 'bystander.ts');
    const committed = await review('first.ts', '--target', '98', '--commit');
    expect([committed.code, committed.commit?.branch, git('log', '-1', '--format=%H').trim() === committed.commit?.id]).toEqual([0, 'main', true]);
    expect([git('show', '--name-only', '--format=', 'HEAD').trim(), git('status', '--short', 'bystander.ts')]).toEqual(['first.ts', 'A  bystander.ts\n']);
  });

  test('--approve asks before saving: the wait ends with 3, decide approve saves', async () => {
    koubou.write('asked.ts', faulty);
    const asked = await koubou.json<{ run_id: string }>(['review', 'asked.ts', '--target', '98', '--write', '--approve']);
    expect(asked).toMatchObject({ code: 3, state: 'waiting_for_decision', next_step: `koubou decide ${asked.run_id} approve|reject` });
    expect(koubou.read('asked.ts')).toBe(faulty);
    expect(await koubou.run(['decide', asked.run_id, 'approve', '--note', 'fine'])).toMatchObject({ code: 0, stdout: expect.stringContaining('took "approve"') });
    expect(await koubou.json(['wait', asked.run_id])).toMatchObject({ code: 0, saved: { path: 'asked.ts' } });
    expect(koubou.read('asked.ts')).not.toBe(faulty);
  });

  test('--format goes to standard output, for a run that has ended too', async () => {
    koubou.write('formats.ts', faulty);
    const { code, stdout } = await koubou.run(['review', 'formats.ts', '--no-improve', '--quiet', '--format', 'markdown']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^# Review of `formats\.ts`/)]);
    const { run_id: id } = await review('formats.ts', '--no-improve');
    const formats = { html: '<!doctype html>', sarif: '"version": "2.1.0"', junit: '<?xml', rdjson: '"source"', human: 'Target reached', json: '"schema": "koubou.report/1"' };
    const shown = await Promise.all(Object.keys(formats).map((format) => koubou.run(['result', id, '--format', format])));
    expect(shown.map((each, index) => [each.code, each.stdout.toLowerCase().includes(Object.values(formats)[index]!.toLowerCase())])).toEqual(shown.map(() => [0, true]));
  });

  test('--out DIR gets one file per format, and only these', async () => {
    koubou.write('formats.ts', faulty);
    const { stdout } = await koubou.run(['review', 'formats.ts', '--no-improve', '--format', 'sarif', '--format', 'junit', '--out', 'reports/new']);
    expect(readdirSync(join(koubou.project, 'reports/new')).toSorted()).toEqual(['report.sarif', 'report.xml']);
    expect(stdout).toContain(join(koubou.project, 'reports/new/report.sarif'));
  });

  test('--quiet says nothing, and --no-color keeps colours out where FORCE_COLOR brings them', async () => {
    koubou.write('colours.ts', faulty);
    const args = ['review', 'colours.ts', '--no-improve', '--quiet'];
    const forced = await koubou.run(args, { env: { FORCE_COLOR: '1' } });
    const plain = await koubou.run([...args, '--no-color'], { env: { FORCE_COLOR: '1' } });
    expect([forced, plain].map(({ stdout, stderr }) => [stdout.includes('\u001b['), stderr])).toEqual([[true, ''], [false, '']]);
  });
});

describe('batches', () => {
  test('a folder takes what engines can judge and lists what it skipped', async () => {
    koubou.write('folder/one.ts', 'export const one = 1;\n');
    koubou.write('folder/two.py', 'TWO = 2\n');
    koubou.write('folder/picture.bin', 'x');
    koubou.write('folder/-f.py', 'F = 1\n');
    const batch = await koubou.json<{ reports: WireReport[]; summary: object }>(['review', 'folder']);
    expect(batch).toMatchObject({ code: 0, schema: 'koubou.batch/1', summary: { total: 2, ready: 2, skipped: [{ path: 'folder/picture.bin' }, { path: 'folder/-f.py', because: "its name is refused: a name must not begin with '-'" }] } });
    expect(batch.reports.map(({ artifact }) => artifact.path)).toEqual(['folder/one.ts', 'folder/two.py']);
  });

  test('several paths end with the code of the worst, and one that is missing stops no other', async () => {
    koubou.write('folder/one.ts', 'export const one = 1;\n');
    const { code, stdout } = await koubou.run(['review', 'folder/one.ts', 'folder/none.ts']);
    expect([code, stdout]).toEqual([2, expect.stringMatching(/1 of 2 at the target, 1 without a result\n\nFILE +BEFORE +AFTER +OUTCOME\nfolder\/one\.ts +100 +100 +target reached\nfolder\/none\.ts +– +– +There is no file/)]);
  });

  test('--diff reviews the changed lines, and nothing changed is in order', async () => {
    git('add', '.');
    git('commit', '-q', '-m', 'All');
    expect(await koubou.json(['review', '--diff'])).toMatchObject({ code: 0, summary: { total: 0 }, reports: [] });
    koubou.write('folder/one.ts', 'export const one = 1;\nexport const more = 2;\n');
    const refused = koubou.write('folder/-two.ts', 'export const two = 2;\n');
    const batch = await koubou.json<{ reports: WireReport[]; summary: object }>(['review', '--diff', 'main']);
    rmSync(refused);
    expect([batch.code, batch.reports.map(({ artifact }) => artifact.path)]).toEqual([0, ['folder/one.ts']]);
    expect(batch.summary).toMatchObject({ skipped: [{ path: 'folder/-two.ts', because: "its name is refused: a name must not begin with '-'" }] });
  });

  test('--out mirrors the paths, and formats that cannot be printed at once need it', async () => {
    koubou.write('folder/one.ts', 'export const one = 1;\n');
    const { code } = await koubou.run(['review', 'folder/one.ts', 'folder/two.py', '--format', 'markdown', '--format', 'json', '--out', 'many']);
    const files = readdirSync(join(koubou.project, 'many'), { recursive: true }).map(String).filter((name) => name.includes('.')).toSorted();
    expect([code, files]).toEqual([0, ['batch.json', 'folder/one.ts.json', 'folder/one.ts.md', 'folder/two.py.json', 'folder/two.py.md']]);
    expect(await koubou.json(['review', 'folder', '--format', 'html'])).toMatchObject({ code: 2, error: { code: 'INPUT_INVALID' } });
  });

  test('each file of a batch gets its own commit, and apply saves those that were not', async () => {
    koubou.write('pair/a.ts', faulty);
    koubou.write('pair/b.ts', faulty);
    const unsaved = await koubou.json<{ run_id: string }>(['review', 'pair', '--target', '98']);
    expect(koubou.read('pair/a.ts')).toBe(faulty);
    const { code, stdout } = await koubou.run(['apply', unsaved.run_id]);
    expect([code, stdout.split('\n').toSorted()]).toEqual([0, ['', 'Saved pair/a.ts', 'Saved pair/b.ts']]);
    for (const name of ['a', 'b']) koubou.write(`pair/${name}.ts`, `${faulty}// again\n`);
    const head = git('rev-parse', 'HEAD').trim();
    const batch = await koubou.json<{ reports: WireReport[] }>(['review', 'pair', '--target', '98', '--commit']);
    expect([batch.code, new Set(batch.reports.map(({ commit }) => commit?.id)).size]).toEqual([0, 2]);
    expect(git('log', '--format=%(trailers:key=Koubou-Iteration,valueonly,separator=%x2C)', `${head}..HEAD`).trim().split('\n').filter((line) => line !== '0')).toHaveLength(2);
  });
});

describe('text from standard input', () => {
  test('is reviewed under the name it is given, and never saved', async () => {
    const report = await koubou.json<WireReport>(['review', '--stdin', '--name', 'piped.ts', '--target', '98'], { input: faulty });
    expect([report.code, report.artifact.name, report.artifact.path, report.saved]).toEqual([0, 'piped.ts', undefined, null]);
    expect((await koubou.run(['result', report.run_id, '--text'])).stdout).not.toContain('debugger');
  });
});

describe('not waiting', () => {
  test('--detach prints the run id and nothing else on standard output', async () => {
    koubou.write('detached.ts', faulty);
    const { code, stdout, stderr } = await koubou.run(['review', 'detached.ts', '--detach']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f-]{36}\n$/)]);
    expect(stderr).toContain(`koubou wait ${stdout.trim()}`);
    expect(await koubou.json(['wait', stdout.trim()])).toMatchObject({ run_id: stdout.trim(), state: 'completed' });
  });

  test('--wait ends with 3 while the run goes on', async () => {
    koubou.write('awaited.ts', faulty);
    const early = await koubou.json<{ run_id: string }>(['review', 'awaited.ts', '--wait', '1ms']);
    expect(early).toMatchObject({ code: 3, schema: 'koubou.progress/1' });
    expect(await koubou.json(['wait', early.run_id, '--wait', '60s'])).toMatchObject({ code: 0, run_id: early.run_id });
  });
});
