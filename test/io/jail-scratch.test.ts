import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { endMarked, isOrphaned, markedProcesses, markerVariable, newMarker } from '#io/jail-marker.ts';
import { makeJailScratch, readTextIfAny, sweepAbandonedRuns } from '#io/jail-scratch.ts';
import { processIdentity } from '#io/process-identity.ts';
import { makeScratch } from '#test/support/scratch.ts';

const scratch = makeScratch('jail');
afterEach(() => scratch.remove());

/** As a worker that is gone would have marked it. */
function markerOfTheDead(): string {
  const [, , namespace, unique] = newMarker().split('.');
  return `${process.pid}.00000000-1.${namespace}.${unique}`;
}

function sleeper(marker: string): number {
  const child = spawn('/bin/sh', ['-c', 'sleep 60'], { env: { PATH: '/usr/bin:/bin', [markerVariable]: marker }, detached: true, stdio: 'ignore' });
  child.unref();
  return child.pid!;
}

test('A run gets private folders, files and links in its home, and leaves nothing', () => {
  const run = makeJailScratch(path.join(scratch.root, 'runs'));
  const outside = scratch.put('login.json', 'token');
  const file = run.write('.agent/settings.json', '{}');
  run.link('.agent/auth.json', outside);
  expect([run.root, run.cwd, run.home, run.tmp, file].map((entry) => statSync(entry).mode & 0o777)).toEqual([0o700, 0o700, 0o700, 0o700, 0o600]);
  expect([readdirSync(run.cwd), readFileSync(path.join(run.home, '.agent/auth.json'), 'utf8'), lstatSync(path.join(run.home, '.agent/auth.json')).isSymbolicLink()]).toEqual([[], 'token', true]);
  run.remove();
  expect([existsSync(run.root), readFileSync(outside, 'utf8')]).toEqual([false, 'token']);
});

test('What was left is read only if it is a plain file of at most 1 MB', () => {
  const run = makeJailScratch(scratch.root);
  run.write('notes', 'text');
  run.write('large', 'x'.repeat(1_000_001));
  symlinkSync('/etc/passwd', path.join(run.home, 'link'));
  mkdirSync(path.join(run.home, 'folder'));
  expect(['notes', 'large', 'link', 'folder', 'none'].map((name) => run.read(name))).toEqual(['text', null, null, null, null]);
  expect(readTextIfAny('/dev/zero', 10)).toBe(null);
});

test('Processes are found by their marker in whatever session they are, and ended', async () => {
  const [mine, other] = [newMarker(), newMarker()];
  const pids = [sleeper(mine), sleeper(mine), sleeper(other)];
  await expect.poll(() => markedProcesses((marker) => marker === mine).length).toBeGreaterThanOrEqual(2);
  expect(endMarked((marker) => marker === mine)).toBeGreaterThanOrEqual(2);
  await expect.poll(() => pids.map((pid) => processIdentity(pid) === null)).toEqual([true, true, false]);
  expect([markedProcesses((marker) => marker === mine), endMarked((marker) => marker === other) > 0]).toEqual([[], true]);
});

test('A marker is orphaned when its process is gone, not when nobody here can tell', () => {
  const [pid, identity, , unique] = newMarker().split('.');
  expect([isOrphaned(newMarker()), isOrphaned(markerOfTheDead()), isOrphaned(`${pid}.other.1234.${unique}`), isOrphaned('x'), isOrphaned(`999999999.${identity}`)]).toEqual([false, true, false, false, false]);
});

test('A starting worker ends and removes what a dead one left, and nothing of the living', async () => {
  const living = makeJailScratch(scratch.root);
  const dead = markerOfTheDead();
  mkdirSync(path.join(scratch.root, `agent-${dead}`, 'home'), { recursive: true });
  const pids = [sleeper(dead), sleeper(living.marker)];
  await expect.poll(() => markedProcesses((marker) => marker === dead || marker === living.marker).length).toBeGreaterThanOrEqual(2);
  const swept = sweepAbandonedRuns(scratch.root);
  await expect.poll(() => pids.map((pid) => processIdentity(pid) === null)).toEqual([true, false]);
  expect([swept.folders, swept.processes >= 1, readdirSync(scratch.root)]).toEqual([1, true, [path.basename(living.root)]]);
  endMarked((marker) => marker === living.marker);
  expect(sweepAbandonedRuns(path.join(scratch.root, 'none')).folders).toBe(0);
});
