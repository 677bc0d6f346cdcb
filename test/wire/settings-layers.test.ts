import { describe, expect, it } from 'vitest';
import { settingGroups, settingKeys } from '#wire/settings-keys.ts';
import { layerOf, narrow, needsTrust, overlay } from '#wire/settings-layers.ts';

const project = (values: Record<string, unknown>) => layerOf(new Map(Object.entries(values)), 'project file');
const user = (values: Record<string, unknown>) => layerOf(new Map(Object.entries(values)), 'user file');
const plain = (layer: ReturnType<typeof project>) => Object.fromEntries([...layer].map(([key, { value }]) => [key, value]));

describe('layers of settings', () => {
  it('lie over each other, the last word for each key', () => {
    const layer = overlay(user({ reviewers: ['a', 'b'], 'review.target': 80 }), project({ reviewers: ['c'] }));
    expect(plain(layer)).toEqual({ reviewers: ['c'], 'review.target': 80 });
    expect(layer.get('reviewers')?.origin).toBe('project file');
  });
});

describe("a project's settings before they are trusted", () => {
  it('set what concerns the project itself', () => {
    const values = { 'review.target': 10, 'review.max_iterations': 9, 'review.weights.security': 1, reviewers: ['static'], improver: 'static', 'reports.formats': ['json'], 'save.forbidden': ['x'], 'save.mode': 'none' };
    expect(narrow(project(values), user({}))).toEqual({ layer: project(values), dropped: [], capped: [] });
  });

  it('name no command, model, place or service', () => {
    const values = {
      checks: [], 'llm.providers': {}, 'llm.budget_usd': 9, 'save.allowed_directories': ['.'], 'git.subject': 'x', 'temporal.address': 'evil:1', 'store.url': 'sqlite:/x',
      'workers.concurrency.llm': 99, 'mcp.autostart': true, 'reports.directory': '/etc',
    };
    expect(narrow(project(values), user({}))).toEqual({ layer: new Map(), dropped: Object.keys(values), capped: [] });
  });

  it('every setting is either of the project or needs trust', () => {
    expect(settingKeys.filter(({ key }) => !needsTrust(key)).map(({ key }) => key)).toEqual([
      'review.target', 'review.max_iterations', 'review.iteration_timeout', 'review.timeout',
      'review.weights.syntax', 'review.weights.logic', 'review.weights.performance', 'review.weights.security',
      'review.criteria', 'review.profiles', 'reviewers', 'improver',
      'save.mode', 'save.allowed_extensions', 'save.forbidden', 'save.max_artifact_bytes', 'reports.formats',
    ]);
    expect(settingGroups).toHaveLength(13);
  });

  it("never exceed the user's own limits", () => {
    const own = user({ 'review.max_iterations': 5, 'review.timeout': 600_000, 'review.iteration_timeout': 60_000, 'save.max_artifact_bytes': 1000 });
    const greedy = project({ 'review.max_iterations': 50, 'review.timeout': 9e6, 'review.iteration_timeout': 9e6, 'save.max_artifact_bytes': 2000 });
    expect(narrow(greedy, own)).toEqual({ layer: new Map(), dropped: [], capped: ['review.max_iterations', 'review.timeout', 'review.iteration_timeout', 'save.max_artifact_bytes'] });
    const modest = project({ 'review.max_iterations': 2, 'save.max_artifact_bytes': 1000 });
    expect(narrow(modest, own)).toEqual({ layer: modest, dropped: [], capped: [] });
  });

  it.each([
    ['commit', 'none', false], ['write', 'none', false], ['commit', 'write', false], ['commit', undefined, false], ['write', undefined, false],
    ['none', 'commit', true], ['write', 'commit', true], ['commit', 'commit', true], ['none', undefined, true],
  ])("asking to save by %s where the user's own word is %s counts: %s", (asked, own, counts) => {
    const { layer, dropped } = narrow(project({ 'save.mode': asked }), user(own === undefined ? {} : { 'save.mode': own }));
    expect({ counts: layer.has('save.mode'), dropped }).toEqual({ counts, dropped: counts ? [] : ['save.mode'] });
  });

  it("forbid more than the user's, never less", () => {
    expect(plain(narrow(project({ 'save.forbidden': ['b', 'c'] }), user({ 'save.forbidden': ['a', 'b'] })).layer)).toEqual({ 'save.forbidden': ['a', 'b', 'c'] });
    expect(plain(narrow(project({ 'save.forbidden': [] }), user({ 'save.forbidden': ['a'] })).layer)).toEqual({ 'save.forbidden': ['a'] });
  });

  it('allow only extensions that the user allows too', () => {
    const own = user({ 'save.allowed_extensions': ['.ts', '.md'] });
    expect(plain(narrow(project({ 'save.allowed_extensions': ['.md', '.sh'] }), own).layer)).toEqual({ 'save.allowed_extensions': ['.md'] });
    expect(narrow(project({ 'save.allowed_extensions': [] }), own)).toEqual({ layer: new Map(), dropped: [], capped: ['save.allowed_extensions'] });
    expect(plain(narrow(project({ 'save.allowed_extensions': ['.sh'] }), user({})).layer)).toEqual({ 'save.allowed_extensions': ['.sh'] });
    expect(() => narrow(project({ 'save.allowed_extensions': ['.sh'] }), own)).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'CONFIG_INVALID' }));
  });
});
