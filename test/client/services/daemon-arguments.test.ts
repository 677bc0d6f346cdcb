import { expect, test } from 'vitest';
import { daemonArguments, daemonLine, readDaemonArguments, readDaemonLine } from '#client/services/daemon-arguments.ts';

test.each([
  { root: '/srv/a b', auto: true },
  { root: '/', auto: false },
])('a detached service reads back what it was started with: %j', (told) => {
  expect(readDaemonArguments(daemonArguments(told))).toEqual(told);
});

test.each([[[]], [['up']], [['up', '--detach']], [['up', '--root', '/x']], [['review', 'a.ts']], [['up', '--foreground-daemon']]])('%j are a person’s arguments', (args) => {
  expect(readDaemonArguments(args)).toBeNull();
});

test('of a service’s log only its own words are passed on', () => {
  expect([daemonLine('Building.'), readDaemonLine('2026-01-02 WARN poll failed')].map((line) => (line === null ? null : readDaemonLine(line)))).toEqual(['Building.', null]);
});
