import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkModels } from '#client/services/doctor-service.ts';
import { checkPaths } from '#client/services/doctor-machine.ts';
import { diagnose, doctorExitCode, doctorJson, doctorText, type Diagnosis, type DoctorProbes } from '#client/services/doctor.ts';
import type { ServiceStatus } from '#client/services/status.ts';
import { cachedTemporal } from '#client/services/temporal-binary/binary.ts';
import { AppError } from '#domain/errors.ts';

const live: ServiceStatus = {
  state: 'live',
  address: '127.0.0.1:7233',
  namespace: 'default',
  uiUrl: 'http://127.0.0.1:8233',
  pid: 4711,
  version: '1',
  queues: [
    { name: 'koubou', kind: 'workflow', pollers: 2, backlog: 0 },
    { name: 'koubou-analysis', kind: 'activity', pollers: 1, backlog: 3 },
  ],
  note: null,
};

let folder = '';
let tools = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou-doctor-'));
  tools = join(folder, 'bin');
  mkdirSync(tools);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function script(file: string, output: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho '${output}'\n`);
  chmodSync(file, 0o755);
}

function probes(changed: Partial<DoctorProbes> = {}): DoctorProbes {
  return {
    node: { version: 'v24.21.0', path: '/opt/node' },
    stateDir: join(folder, 'state'),
    temporal: { cacheDir: folder, searchPath: tools },
    service: () => Promise.resolve(live),
    store: () => Promise.resolve({ kind: 'sqlite', place: '/state/koubou.db', bytes: 1_250_000 }),
    engines: () => Promise.resolve([{ id: 'typescript', version: '6.0.3' }]),
    models: () => Promise.resolve([{ id: 'codex', version: '0.169.0', model: '', login: 'key in CODEX_API_KEY', problem: null }, { id: 'claude', version: '', problem: 'It is not installed.' }]),
    ...changed,
  };
}

async function line(name: string, changed: Partial<DoctorProbes> = {}): Promise<Diagnosis | undefined> {
  return (await diagnose(probes(changed))).find((diagnosis) => diagnosis.name === name);
}

describe('doctor', () => {
  test('has one line for everything that reviews need', async () => {
    script(join(tools, 'git'), 'git version 2.47.3');
    script(join(tools, 'temporal'), 'temporal version 0.0.0-DEV (Server 1.31.2, UI 2.50.1)');
    const lines = await diagnose(probes());
    expect(lines.map(({ name }) => name)).toEqual(['node', 'git', 'temporal', 'service', 'queues', 'store', 'disk', 'engine typescript', 'model codex', 'models', 'paths', 'sandbox']);
    expect(lines.slice(0, 6)).toEqual([
      { name: 'node', ok: 'ok', detail: 'v24.21.0 at /opt/node' },
      { name: 'git', ok: 'ok', detail: `2.47.3 at ${tools}/git` },
      { name: 'temporal', ok: 'ok', detail: `server 1.31.2 at ${tools}/temporal (path)` },
      { name: 'service', ok: 'ok', detail: '127.0.0.1:7233, namespace default, Web UI http://127.0.0.1:8233' },
      { name: 'queues', ok: 'ok', detail: 'pollers: koubou 2, koubou-analysis 1' },
      { name: 'store', ok: 'ok', detail: 'sqlite at /state/koubou.db (1.3 MB)' },
    ]);
    expect(lines[6]).toMatchObject({ name: 'disk', detail: expect.stringMatching(/^[\d,]+ MB free for /) as string });
  });

  test('exits with 0 when nothing fails and 1 when something does; a warning is no failure', () => {
    const lines = (...states: Diagnosis['ok'][]): Diagnosis[] => states.map((ok) => ({ name: 'x', ok, detail: '' }));
    expect([doctorExitCode(lines('ok', 'warn')), doctorExitCode(lines('ok', 'fail', 'warn'))]).toEqual([0, 1]);
  });

  test('shows the fix below its line, and all of it to programs', () => {
    const lines: Diagnosis[] = [
      { name: 'git', ok: 'fail', detail: 'not found on PATH', fix: 'Install git' },
      { name: 'service', ok: 'ok', detail: 'up' },
    ];
    expect(doctorText(lines)).toEqual(['fail  git      not found on PATH', '               → Install git', 'ok    service  up']);
    expect(doctorJson(lines)).toEqual({ schema: 'koubou.doctor/1', ok: false, checks: lines });
  });
});

describe('doctor names the fix', () => {
  test('for an old Node, a missing or old git', async () => {
    expect(await line('node', { node: { version: 'v20.20.2', path: '/usr/bin/node' } })).toMatchObject({ ok: 'fail', fix: 'Run koubou with Node 24 or newer; set-up brings one: npm start -- doctor' });
    expect(await line('git')).toEqual({ name: 'git', ok: 'fail', detail: 'not found on PATH', fix: 'Install git 2.30 or newer' });
    script(join(tools, 'git'), 'git version 1.9.1');
    expect(await line('git')).toMatchObject({ ok: 'warn', fix: 'Install git 2.30 or newer' });
  });

  test('for a Temporal that is not here yet, and says whether it can be built', async () => {
    const fix = 'koubou up --detach';
    expect(await line('temporal')).toEqual({ name: 'temporal', ok: 'warn', detail: 'not here yet: the first start of the service downloads it', fix });
    script(join(tools, 'go'), 'go version go1.26.8 linux/amd64');
    expect((await line('temporal'))?.detail).toBe('not here yet: the first start of the service downloads it, or builds it with Go in 3 to 5 minutes');
  });

  test('for a Temporal that is named and unfit, and passes over one on PATH', async () => {
    script(join(tools, 'temporal'), 'temporal version 1.0.0 (Server 1.22.0, UI 2.0.0)');
    script(cachedTemporal(folder), 'temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)');
    expect((await line('temporal'))?.detail).toBe(`server 1.31.2 at ${cachedTemporal(folder)} (cache)`);
    const temporal = { configured: join(tools, 'temporal'), cacheDir: folder, searchPath: tools };
    expect(await line('temporal', { temporal })).toMatchObject({ ok: 'fail', fix: expect.stringContaining('KOUBOU_TEMPORAL') as string });
  });

  test.each<[string, Partial<ServiceStatus>, Partial<Diagnosis>]>([
    ['does not run', { state: 'none', note: 'No service is running.' }, { ok: 'warn', detail: 'No service is running.', fix: 'koubou up --detach' }],
    ['was killed', { state: 'stale', note: 'The service was killed.' }, { ok: 'warn', fix: 'koubou up --detach' }],
    ['is starting', { state: 'starting', note: 'The service is starting.' }, { ok: 'warn', detail: 'The service is starting.' }],
    ['hangs', { state: 'silent', note: 'It does not answer.' }, { ok: 'fail', fix: 'koubou down, then koubou up --detach' }],
    ['was named and does not answer', { state: 'unreachable', note: 'Nothing answers.' }, { ok: 'fail', fix: 'Start that service, or name none to use one of your own' }],
  ])('for a service that %s', async (_, status, expected) => {
    const service = (): Promise<ServiceStatus> => Promise.resolve({ ...live, queues: [], ...status });
    expect(await line('service', { service })).toMatchObject(expected);
    expect(await line('queues', { service })).toEqual({ name: 'queues', ok: 'warn', detail: 'not asked: no service answers' });
  });

  test('for a queue that nobody serves', async () => {
    const queues = [...live.queues, { name: 'koubou-report', kind: 'activity', pollers: 0, backlog: 0 } as const];
    expect(await line('queues', { service: () => Promise.resolve({ ...live, queues }) })).toEqual({
      name: 'queues',
      ok: 'fail',
      detail: 'no worker serves koubou-report',
      fix: 'koubou worker --queues koubou-report',
    });
  });

  test('of a model that can be asked, and of those that cannot', async () => {
    expect(await line('model codex')).toEqual({ name: 'model codex', ok: 'ok', detail: '0.169.0, key in CODEX_API_KEY' });
    expect(await line('models')).toEqual({ name: 'models', ok: 'ok', detail: 'not set up: claude (`koubou reviewers` tells what each of them lacks)' });
  });

  test('of a model that was asked, and of one that does not answer', () => {
    const model = { id: 'codex', version: '0.169.0', login: 'key in CODEX_API_KEY', problem: null };
    expect(checkModels([{ ...model, answer: { durationMs: 1_240, tokens: 12, error: null } }, { ...model, answer: { durationMs: 90, tokens: null, error: null } }, { ...model, answer: { durationMs: 50, tokens: null, error: 'Codex was not let in.' } }])).toEqual([
      { name: 'model codex', ok: 'ok', detail: '0.169.0, key in CODEX_API_KEY; answered in 1.2 s, 12 tokens' },
      { name: 'model codex', ok: 'ok', detail: '0.169.0, key in CODEX_API_KEY; answered in 0.1 s' },
      { name: 'model codex', ok: 'fail', detail: '0.169.0, key in CODEX_API_KEY: Codex was not let in.', fix: 'correct it as docs/providers.md shows, or name another model' },
    ]);
  });

  test('for an engine that does not load, and for none at all', async () => {
    const engines = (): Promise<{ id: string; version: string; error?: string }[]> => Promise.resolve([{ id: 'ruff', version: '0.17.3', error: 'no module' }]);
    expect(await line('engine ruff', { engines })).toEqual({ name: 'engine ruff', ok: 'fail', detail: 'no module', fix: 'Install koubou again; in a checkout: npm ci' });
    expect((await line('engines', { engines: () => Promise.resolve([]) }))?.ok).toBe('fail');
  });

  test('where a check itself breaks, and goes on with the others', async () => {
    const broken = (): Promise<never> => Promise.reject(new AppError('Misconfigured', 'STORE_URL', 'The store url is not one.'));
    const lines = await diagnose(probes({ store: broken, service: broken, engines: broken }));
    expect(lines.filter(({ ok }) => ok === 'fail').map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      'git: not found on PATH',
      'service: The store url is not one.',
      'store: The store url is not one.',
      'engines: The store url is not one.',
    ]);
  });

  test('for weaker confinement of paths, by its name', () => {
    expect([checkPaths('openat').ok, checkPaths('realpath')]).toEqual(['ok', expect.objectContaining({ ok: 'warn', fix: 'Review hostile repositories on Linux' })]);
  });

  test.skipIf(process.platform !== 'linux')('for sandbox tools it says which are here', async () => {
    symlinkSync('/bin/true', join(tools, 'setpriv'));
    const detail = (await line('sandbox'))?.detail ?? '';
    expect(detail).toMatch(/^present: .*setpriv.*; agents and checks run under: (?:bubblewrap|pid namespace|process group)/);
  });
});
