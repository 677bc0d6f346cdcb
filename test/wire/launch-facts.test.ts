import { describe, expect, it } from 'vitest';
import { readLaunchFacts } from '#wire/launch-facts.ts';

const byNpm = { INIT_CWD: '/home/me/project', npm_package_json: '/opt/koubou/package.json', npm_lifecycle_event: 'start' };
const place = { cwd: '/opt/koubou', packageRoot: '/opt/koubou' };

describe('the folder the user stands in', () => {
  it("is npm's word for it when our own start script runs", () => {
    expect(readLaunchFacts(byNpm, place).cwd).toBe('/home/me/project');
  });

  it.each([
    ["another package's script started us", { ...byNpm, npm_package_json: '/home/me/project/package.json' }, place],
    ['another script of ours runs', { ...byNpm, npm_lifecycle_event: 'test' }, place],
    ['the process has moved', byNpm, { ...place, cwd: '/tmp' }],
    ['npm tells none', { ...byNpm, INIT_CWD: undefined }, place],
    ['npm tells a relative one', { ...byNpm, INIT_CWD: 'project' }, place],
    ['there is no npm', {}, place],
  ])("is the process's own when %s", (_, environment, given) => {
    expect(readLaunchFacts(environment, given).cwd).toBe(given.cwd);
  });
});

describe('the facts of a launch', () => {
  it('are nothing in an empty environment', () => {
    expect(readLaunchFacts({}, place)).toEqual({ cwd: '/opt/koubou', noColor: false, forceColor: false, isCi: false, searchPath: '' });
  });

  it('are read from the environment', () => {
    const environment = { NO_COLOR: '1', FORCE_COLOR: '3', CI: 'true', TERM: 'xterm', COLUMNS: '120', HOME: '/h', PATH: '/bin', KOUBOU_TEMPORAL: '/t' };
    expect(readLaunchFacts(environment, place)).toEqual({ cwd: '/opt/koubou', noColor: true, forceColor: true, isCi: true, term: 'xterm', columns: 120, home: '/h', searchPath: '/bin', temporalBinary: '/t' });
  });

  it.each([
    [{ NO_COLOR: '' }, { noColor: false }],
    [{ TERM: 'dumb' }, { noColor: true }],
    [{ FORCE_COLOR: '0' }, { forceColor: false }],
    [{ FORCE_COLOR: 'false' }, { forceColor: false }],
    [{ CI: 'FALSE' }, { isCi: false }],
    [{ CI: '1' }, { isCi: true }],
  ])('%j means %j', (environment, expected) => {
    expect(readLaunchFacts(environment, place)).toMatchObject(expected);
  });

  it.each(['0', '-1', 'wide', '80.5', '1e3', '999999'])('know no columns from %j', (columns) => {
    expect(readLaunchFacts({ COLUMNS: columns }, place)).not.toHaveProperty('columns');
  });
});
