import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { dynamicConfig } from '#client/services/server-command.ts';
import { allQueues } from '#workflows/messages.ts';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly timeout: string; readonly start_period: string; readonly retries: number };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly user?: string;
  readonly read_only?: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Readonly<Record<string, Service>> };
const entries = Object.entries(services);
const workers = entries.filter(([name]) => name.startsWith('koubou-'));
const isJob = ([, service]: readonly [string, Service]) => service.restart?.startsWith('on-failure') === true;

describe('the compose file', () => {
  test('has one worker service for each task queue, and no other', () => {
    const commands = workers.map(([, service]) => service.command);
    expect(commands).toEqual(allQueues('koubou').map((queue) => ['worker', '--queues', queue]));
  });

  test('gives every service that stays a health check', () => {
    const without = entries.filter((entry) => !isJob(entry)).filter(([, { healthcheck: check }]) => check === undefined || !/^CMD(-SHELL)?$/.test(check.test[0] ?? '') || check.retries < 1);
    expect(without.map(([name]) => name)).toEqual([]);
  });

  test('waits for every job to be done, and for the health of what has to answer', () => {
    const awaited = entries.flatMap(([, service]) => Object.entries(service.depends_on ?? {}));
    const conditions = new Map(awaited.map(([name, { condition }]) => [name, condition]));
    expect(Object.fromEntries(conditions)).toEqual({
      postgres: 'service_healthy',
      'temporal-schema': 'service_completed_successfully',
      temporal: 'service_healthy',
      'temporal-namespace': 'service_completed_successfully',
    });
    expect(entries.filter(isJob).map(([name]) => name)).toEqual(['temporal-schema', 'temporal-namespace']);
  });

  test('publishes no port beyond this machine', () => {
    const ports = entries.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:${TEMPORAL_PORT:-7233}:7233', '127.0.0.1:${TEMPORAL_UI_PORT:-8080}:8080']);
  });

  test('takes every secret from the environment, refuses to start without it, and env.example names it', () => {
    const values = entries.flatMap(([, service]) => Object.entries(service.environment ?? {})).filter(([name]) => /PASSWORD|PWD|STORE_URL/.test(name));
    expect(values.filter(([, value]) => !/\$\{[A-Z_]+_PASSWORD:\?/.test(value))).toEqual([]);
    const required = new Set([...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name));
    const named = new Map([...read('deploy/env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
    expect([...required].map((name) => [name, named.get(name!)])).toEqual([
      ['KOUBOU_DB_PASSWORD', ''],
      ['POSTGRES_PASSWORD', ''],
      ['TEMPORAL_DB_PASSWORD', ''],
      ['KOUBOU_WORKSPACE', ''],
    ]);
  });

  test('shows files to the workspace worker alone, and runs all workers without rights', () => {
    const mounted = workers.filter(([, service]) => service.volumes !== undefined).map(([name]) => name);
    expect(mounted).toEqual(['koubou-workspace']);
    expect(workers.map(([, { user, read_only: readOnly }]) => [user, readOnly])).toEqual(workers.map(() => ['${KOUBOU_UID:-1000}:${KOUBOU_GID:-1000}', true]));
  });

  test('mounts only files that are there; its scripts are shell', () => {
    const files = entries.flatMap(([, service]) => service.volumes ?? []).filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0]!);
    expect(files).toEqual(['./deploy/postgres-roles.sh', './deploy/temporal-schema.sh', './deploy/dynamicconfig.yaml', './deploy/temporal-namespace.sh']);
    const scripts = files.filter((file) => file.endsWith('.sh'));
    expect(scripts.map((file) => [statSync(join(root, file)).mode & 0o111, spawnSync('sh', ['-n', join(root, file)]).status])).toEqual(scripts.map(() => [0o111, 0]));
  });

  const compose = [['docker-compose'], ['docker', 'compose']].find(([command, ...rest]) => spawnSync(command!, [...rest, 'version']).status === 0);
  const secrets = { POSTGRES_PASSWORD: 'a', TEMPORAL_DB_PASSWORD: 'b', KOUBOU_DB_PASSWORD: 'c', KOUBOU_WORKSPACE: '/srv' };
  const config = (env: Readonly<Record<string, string>>) => {
    const [command, ...rest] = compose!;
    return spawnSync(command!, [...rest, '-f', join(root, 'docker-compose.yml'), 'config'], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } });
  };

  test.skipIf(compose === undefined)('is accepted by docker-compose itself, with all secrets', { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = config(secrets);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(Object.keys((parse(stdout) as { services: object }).services).toSorted((a, b) => a.localeCompare(b))).toEqual(Object.keys(services).toSorted((a, b) => a.localeCompare(b)));
    expect(config({ ...secrets, KOUBOU_DB_PASSWORD: '' }).status).not.toBe(0);
  });
});

test('the server has the same settings in a cluster as on one machine', () => {
  const cluster = parse(read('deploy/dynamicconfig.yaml')) as Record<string, [{ value: unknown }]>;
  const local = Object.entries(dynamicConfig).map(([key, value]) => [key, [{ value: JSON.parse(value) as unknown }]]);
  expect(cluster).toEqual(Object.fromEntries(local));
});

describe('the image', () => {
  const lines = read('Dockerfile').split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  test('is made of Node 24 alone, runs without rights, and hands signals on', () => {
    expect(new Set(lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]))).toEqual(new Set(['node:24-bookworm-slim']));
    expect(lines.slice(-4)).toEqual(['USER node', 'WORKDIR /home/node', 'ENTRYPOINT ["tini", "--", "koubou"]', 'CMD ["worker"]']);
  });

  test('brings no Temporal server, and nothing private goes into its build', () => {
    expect(lines.filter((line) => /\bgo (build|install)|temporal/i.test(line))).toEqual([]);
    const ignored = read('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.env', '**/node_modules', '**/dist']));
  });
});
