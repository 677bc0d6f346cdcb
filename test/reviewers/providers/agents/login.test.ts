import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { agentEnvironment } from '#reviewers/providers/agents/environment.ts';
import { findLogin, secretsOf } from '#reviewers/providers/agents/login.ts';
import { makeJailScratch } from '#io/jail-scratch.ts';
import { makeScratch } from '#test/support/scratch.ts';

const scratch = makeScratch('login');
afterEach(() => scratch.remove());

const sources = [
  { variable: 'FIRST_KEY', word: 'key' as const },
  { file: 'auth.json', folderVariable: 'AGENT_HOME', folder: '.agent' },
  { variable: 'OTHER_KEY', as: 'FIRST_KEY', word: 'key' as const },
];

test('The first source that is there is the login, and it is named as people know it', () => {
  const home = scratch.root;
  const both = { HOME: home, FIRST_KEY: ' ', OTHER_KEY: 'other' };
  expect([findLogin(sources, { HOME: home }), findLogin(sources, both)]).toEqual([null, { told: 'key in OTHER_KEY', environment: { FIRST_KEY: 'other' }, file: null }]);
  const file = scratch.put('.agent/auth.json', '{}');
  const moved = scratch.put('elsewhere/auth.json', '{}');
  expect([findLogin(sources, both), findLogin(sources, { ...both, AGENT_HOME: path.dirname(moved) }), findLogin(sources, { ...both, FIRST_KEY: 'first' })]).toEqual([
    { told: 'login in ~/.agent/auth.json', environment: {}, file },
    { told: 'login in ~/elsewhere/auth.json', environment: {}, file: moved },
    { told: 'key in FIRST_KEY', environment: { FIRST_KEY: 'first' }, file: null },
  ]);
});

test('A folder in the place of a login file and a relative folder are no login', () => {
  mkdirSync(path.join(scratch.root, '.agent/auth.json'), { recursive: true });
  expect([findLogin(sources, { HOME: scratch.root }), findLogin(sources, { AGENT_HOME: '.' })]).toEqual([null, null]);
});

test('Secrets are keys, the tokens of a login file and the passwords of proxies', () => {
  const file = scratch.put('auth.json', '{"access_token":"token-of-more-than-20-units","plan":"pro"}');
  const environment = { HTTPS_PROXY: 'http://user:pass%20word@proxy:1', NO_PROXY: 'x', HTTP_PROXY: 'nonsense' };
  expect(secretsOf({ told: '', environment: {}, file }, environment).filter(Boolean)).toEqual(['token-of-more-than-20-units', 'pass word']);
  expect(secretsOf({ told: '', environment: { KEY: 'the key' }, file: null }, {})).toEqual(['the key']);
});

test('An agent is given a private home and, of the environment, the allow-list alone', () => {
  const run = makeJailScratch(scratch.root);
  const hostile = { LD_PRELOAD: 'x', NODE_OPTIONS: 'x', GIT_CONFIG_COUNT: '1', GIT_DIR: 'x', BASH_ENV: 'x', PYTHONSTARTUP: 'x', PATH: '/project/bin', HOME: '/home/user', AWS_SECRET_ACCESS_KEY: 'x' };
  expect(agentEnvironment({ ...hostile, LANG: 'ja_JP.UTF-8', https_proxy: 'http://proxy', MORE: 'more' }, run, ['MORE', 'ABSENT'])).toEqual({
    LANG: 'ja_JP.UTF-8', https_proxy: 'http://proxy', MORE: 'more', PATH: '/usr/local/bin:/usr/bin:/bin', HOME: run.home, TMPDIR: run.tmp, TERM: 'dumb', NO_COLOR: '1',
    XDG_CONFIG_HOME: `${run.home}/.config`, XDG_CACHE_HOME: `${run.home}/.cache`, XDG_DATA_HOME: `${run.home}/.local/share`, XDG_STATE_HOME: `${run.home}/.local/state`,
  });
});
