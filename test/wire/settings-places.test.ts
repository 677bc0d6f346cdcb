import { describe, expect, it } from 'vitest';
import { placesOf } from '#wire/settings-places.ts';

const start = { cwd: '/work', home: '/home/me' };

describe('the folders of this program', () => {
  it.each([
    ['by the usual rules', {}, '/home/me/.local/state/koubou', '/home/me/.cache/koubou', '/home/me/.config/koubou'],
    ['below HOME', { HOME: '/h' }, '/h/.local/state/koubou', '/h/.cache/koubou', '/h/.config/koubou'],
    ['where XDG variables say', { XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c', XDG_CONFIG_HOME: '/f' }, '/s/koubou', '/c/koubou', '/f/koubou'],
    ['ignoring relative XDG variables', { XDG_STATE_HOME: 's', XDG_CACHE_HOME: '', HOME: '' }, '/home/me/.local/state/koubou', '/home/me/.cache/koubou', '/home/me/.config/koubou'],
    ['below KOUBOU_HOME, but for the settings', { KOUBOU_HOME: '/k', XDG_STATE_HOME: '/s', XDG_CONFIG_HOME: '/f' }, '/k/state', '/k/cache', '/f/koubou'],
    ['below a relative KOUBOU_HOME', { KOUBOU_HOME: 'k', HOME: '/h' }, '/work/k/state', '/work/k/cache', '/h/.config/koubou'],
  ])('are found %s', (_, environment, stateDir, cacheDir, configDir) => {
    expect(placesOf(environment, start)).toEqual({ stateDir, cacheDir, configDir, userFile: `${configDir}/koubou.yaml` });
  });
});
