import { describe, expect, test } from 'vitest';
import { checkEnvironment, toolFolders } from '#io/checks/check-environment.ts';

const scratch = { home: '/scratch/home', tmp: '/scratch/tmp' };
const worker = {
  PATH: '/home/ann/.nvm/v24/bin:/home/ann/project/node_modules/.bin:.:bin::/usr/bin:/home/ann/bin',
  HOME: '/home/ann', LANG: 'ja_JP.UTF-8', JAVA_HOME: '/opt/java', HTTPS_PROXY: 'http://user:pass@proxy:1', OPENAI_API_KEY: 'sk-1', LD_PRELOAD: '/x.so', NODE_OPTIONS: '-r x',
  GIT_DIR: '/x', GIT_CONFIG_COUNT: '1', BASH_ENV: '/x', PYTHONSTARTUP: '/x', KOUBOU_CHECKS: '[]', SSH_AUTH_SOCK: '/x', npm_config_token: 'x',
};

describe('the environment of a check', () => {
  test('is an allow-list with a home of its own; the search path is the user’s without relative and project folders', () => {
    expect(checkEnvironment({ worker, root: '/home/ann/project', network: false }, scratch)).toEqual({
      LANG: 'ja_JP.UTF-8', JAVA_HOME: '/opt/java', PATH: '/home/ann/.nvm/v24/bin:/usr/bin:/home/ann/bin:/usr/local/bin:/bin', HOME: '/scratch/home', TMPDIR: '/scratch/tmp',
      XDG_CONFIG_HOME: '/scratch/home/.config', XDG_CACHE_HOME: '/scratch/home/.cache', XDG_DATA_HOME: '/scratch/home/.local/share', XDG_STATE_HOME: '/scratch/home/.local/state',
      CI: 'true', TERM: 'dumb', NO_COLOR: '1',
    });
  });

  test('names proxies only where the network may be used', () => {
    expect(checkEnvironment({ worker, root: '/r', network: true }, scratch)['HTTPS_PROXY']).toBe('http://user:pass@proxy:1');
  });

  test('has a search path in an empty environment too', () => {
    expect(checkEnvironment({ worker: {}, root: '/r', network: false }, scratch)['PATH']).toBe('/usr/local/bin:/usr/bin:/bin');
  });
});

test('Of hidden places only the toolchains on the search path are shown, and of those what programs are read from', () => {
  const env = { PATH: '/home/ann/.nvm/v24/bin:/usr/bin:/home/ann/bin:/home/ann/.cargo/shims:/tmp/tool/node_modules/.bin:/tmp/bin' };
  expect(toolFolders(env, ['/home/ann', '/tmp'])).toEqual([
    '/home/ann/.nvm/v24/bin', '/home/ann/.nvm/v24/lib', '/home/ann/.nvm/v24/lib64', '/home/ann/.nvm/v24/libexec', '/home/ann/.nvm/v24/include',
    '/home/ann/bin', '/home/ann/.cargo/shims',
    '/tmp/tool/node_modules/.bin', '/tmp/tool/node_modules', '/tmp/bin',
  ]);
  expect(toolFolders(env, [])).toEqual([]);
});
