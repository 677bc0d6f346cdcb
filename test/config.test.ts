import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trustProject } from '#client/trust.ts';
import { launchFacts, loadConfig, serviceEnvironment, settingsFingerprint, type ConfigOptions, type LoadedConfig } from '#config.ts';
import { showSettings } from '#wire/settings-show.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch('config');
});
afterEach(() => scratch.remove());

function userFile(text: string): void {
  const file = join(scratch.outside, '.config/koubou/koubou.yaml');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** In a home of its own: nothing of the machine's own environment is read. */
function load(options: Partial<ConfigOptions> = {}): Promise<LoadedConfig> {
  const { env, ...rest } = options;
  return loadConfig({ cwd: scratch.root, projectRoot: scratch.root, ...rest, env: { HOME: scratch.outside, ...env } });
}

const shown = (config: LoadedConfig, key: string): string => {
  const { value, origin } = showSettings(config.layer).find((row) => row.key === key)!;
  return `${JSON.stringify(value)} ${origin}`;
};

describe('settings without any source', () => {
  it('are the defaults', async () => {
    const { settings, warnings, places, temporalEnv, projectFile } = await load();
    const state = join(scratch.outside, '.local/state/koubou');
    expect(settings).toEqual({
      review: { limits: {}, weights: { syntax: 0.25, logic: 0.3, performance: 0.15, security: 0.3 }, criteria: [], profiles: {} },
      reviewers: ['static'],
      checks: [],
      save: { mode: 'none', allowedDirectories: [], allowedExtensions: [], forbidden: [], maxArtifactBytes: 20_000_000 },
      git: { subject: 'Improve {name}: score {initial_score} to {score}' },
      llm: { providers: {}, models: {}, prices: {}, contextTokens: 20_000, fallback: [] },
      temporal: { namespace: 'default', taskQueue: 'koubou' },
      store: { url: `sqlite:${state}/store.db` },
      workers: { concurrency: {}, idleExitMs: 1_800_000 },
      mcp: { autostart: true },
      reports: { formats: ['markdown', 'json', 'html'], directory: `${state}/reports` },
      evaluation: { mode: 'flexible', useMock: false, targetScore: 8, codexTimeoutMs: 300_000, codexSupportsJsonFormat: false },
    });
    expect({ warnings, temporalEnv, projectFile, stateDir: places.stateDir }).toEqual({ warnings: [], temporalEnv: {}, projectFile: undefined, stateDir: state });
  });

  it('are shown with their origin, undecided ones as null', async () => {
    const rows = showSettings((await load()).layer);
    expect(new Set(rows.map(({ origin }) => origin))).toEqual(new Set(['default']));
    expect(rows.filter(({ key }) => ['review.target', 'review.timeout', 'workers.idle_exit', 'improver', 'evaluation.mode'].includes(key))).toEqual([
      { key: 'review.target', value: 85, origin: 'default' },
      { key: 'review.timeout', value: null, origin: 'default' },
      { key: 'improver', value: null, origin: 'default' },
      { key: 'workers.idle_exit', value: '30m', origin: 'default' },
      { key: 'evaluation.mode', value: 'flexible', origin: 'default' },
    ]);
  });
});

describe('sources of settings', () => {
  it('lie over each other: defaults, user file, project file, environment, flags', async () => {
    const key = async (options: Partial<ConfigOptions>): Promise<string> => shown(await load(options), 'review.target');
    expect(await key({})).toBe('85 default');
    userFile('review: { target: 70 }');
    expect(await key({})).toBe('70 user file');
    scratch.put('koubou.yaml', 'review: { target: 75 }');
    expect(await key({})).toBe('75 project file');
    const env = { KOUBOU_REVIEW_TARGET: '80' };
    expect(await key({ env })).toBe('80 environment KOUBOU_REVIEW_TARGET');
    expect(await key({ env, flags: { 'review.target': 90 } })).toBe('90 flag');
  });

  it('become typed settings', async () => {
    userFile(`
review: { target: 90, iteration_timeout: 30s, weights: { security: 1 }, criteria: [{ name: Tone, weight: 1, description: Plain }], profiles: { strict: { target: 95, timeout: 1m } } }
improver: static
checks: [{ name: tests, command: [npm, test], timeout_ms: 1000 }, { name: lint, command: [lint] }]
save: { mode: write, allowed_directories: [src], allowed_extensions: [.TS], forbidden: [secret], max_artifact_bytes: 10 }
llm: { providers: { p: { base_url: 'https://models.example', api_key_env: P_KEY, api: openai, per_minute: 30, executable: /opt/agent } }, models: { writer: { provider: p, model: m } }, prices: { m: { input_per_million_usd: 1, output_per_million_usd: 2 } }, budget_usd: 3, fallback: [writer], daily_budget_tokens: 9 }
workers: { concurrency: { llm: 2 }, engine_memory_mb: 512, engine_timeout: 5s }
temporal: { address: 'temporal.example:7233', tls: true }
`);
    const { settings, temporalEnv } = await load();
    expect(settings).toMatchObject({
      review: { limits: { targetScore: 90, iterationTimeoutMs: 30_000 }, weights: { syntax: 0.25, security: 1 }, criteria: [{ name: 'Tone' }], profiles: { strict: { targetScore: 95, timeoutMs: 60_000 } } },
      improver: 'static',
      checks: [{ name: 'tests', command: ['npm', 'test'], timeoutMs: 1000 }, { name: 'lint', command: ['lint'] }],
      save: { mode: 'write', allowedDirectories: ['src'], allowedExtensions: ['.ts'], forbidden: ['secret'], maxArtifactBytes: 10 },
      llm: { providers: { p: { baseUrl: 'https://models.example', apiKeyEnv: 'P_KEY', api: 'openai', perMinute: 30, executable: '/opt/agent' } }, models: { writer: { provider: 'p', model: 'm' } }, prices: { m: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } }, budgetUsd: 3, fallback: ['writer'], dailyBudgetTokens: 9 },
      workers: { concurrency: { llm: 2 }, idleExitMs: 1_800_000, engineMemoryMb: 512, engineTimeoutMs: 5000 },
      temporal: { address: 'temporal.example:7233', namespace: 'default' },
    });
    expect(temporalEnv).toEqual({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_TLS: 'true' });
  });

  it('include a file that --config names instead of the project\'s, with all rights of a person', async () => {
    scratch.put('koubou.yaml', 'review: { target: 75 }');
    scratch.put('ci/settings.yaml', 'checks: [{ name: tests, command: [npm, test] }]');
    const config = await load({ configFile: 'ci/settings.yaml' });
    expect(config.settings.checks).toEqual([{ name: 'tests', command: ['npm', 'test'] }]);
    expect({ warnings: config.warnings, target: shown(config, 'review.target'), checks: shown(config, 'checks').split(' ').slice(-3).join(' ') }).toEqual({ warnings: [], target: '85 default', checks: 'file of --config' });
    expect(config.projectFile).toBe(join(scratch.root, 'ci/settings.yaml'));
    await expect(load({ configFile: 'missing.yaml' })).rejects.toMatchObject({ kind: 'InvalidInput', code: 'FILE_NOT_FOUND' });
  });

  it('name the file and the line of a mistake', async () => {
    scratch.put('koubou.yaml', 'review:\n  taget: 1\n');
    await expect(load()).rejects.toMatchObject({ code: 'CONFIG_UNKNOWN_KEY', message: 'koubou.yaml: line 2, column 3: unknown key "taget" in review; did you mean "target"?' });
    userFile('reviewers: 3');
    await expect(load()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/\.config\/koubou\/koubou\.yaml: line 1/) });
    await expect(load({ projectRoot: scratch.outside, env: { XDG_CONFIG_HOME: '/none' }, flags: { 'review.target': 'high' } })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: 'The command line: review.target: a number is wanted.' });
  });

  it("refuse a project's koubou.yaml that is a link or a folder", async () => {
    const elsewhere = join(scratch.outside, 'passwords');
    writeFileSync(elsewhere, 'root: hunter2\n');
    symlinkSync(elsewhere, join(scratch.root, 'koubou.yaml'));
    await expect(load()).rejects.toMatchObject({ kind: 'InvalidInput', code: 'PATH_SYMLINK', message: expect.not.stringContaining('hunter2') });
    mkdirSync(join(scratch.outside, 'koubou.yaml'));
    await expect(load({ projectRoot: scratch.outside })).rejects.toMatchObject({ kind: 'InvalidInput', code: 'NOT_REGULAR' });
    expect((await load({ projectRoot: join(scratch.root, 'missing') })).projectFile).toBeUndefined();
  });

  it('never show a password', async () => {
    const config = await load({ env: { KOUBOU_STORE_URL: 'postgres://me:hunter2@db/k?sslpassword=hunter2' } });
    expect(config.settings.store.url).toBe('postgres://me:hunter2@db/k?sslpassword=hunter2');
    expect(shown(config, 'store.url')).toBe('"postgres://me:***@db/k?sslpassword=***" environment KOUBOU_STORE_URL');
    expect(JSON.stringify(showSettings(config.layer))).not.toContain('hunter2');
  });

  it("include Temporal's own file where a variable names it", async () => {
    const file = scratch.put('temporal.toml', '[profile.prod]\naddress = "temporal.example:7233"\nnamespace = "koubou"\n');
    const env = { TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'prod' };
    const config = await load({ env });
    expect(config.settings.temporal).toEqual({ address: 'temporal.example:7233', namespace: 'koubou', taskQueue: 'koubou' });
    expect(shown(config, 'temporal.address')).toBe('"temporal.example:7233" environment TEMPORAL_CONFIG_FILE');
    expect((await load({ env: { ...env, TEMPORAL_ADDRESS: 'other:1' } })).settings.temporal.address).toBe('other:1');
    await expect(load({ env: { ...env, TEMPORAL_PROFILE: 'missing' } })).rejects.toMatchObject({ kind: 'Misconfigured', code: 'CONFIG_INVALID' });
  });
});

describe('the settings of a project nobody has trusted', () => {
  const greedy = 'review: { target: 60, max_iterations: 50 }\nchecks: [{ name: evil, command: [touch, /tmp/pwned] }]\ntemporal: { address: "evil:1" }\nsave: { mode: commit }\n';

  it('narrow, and what they may not say is named with the command that lets them', async () => {
    userFile('review: { max_iterations: 3 }');
    scratch.put('koubou.yaml', greedy);
    const { settings, warnings } = await load();
    expect(settings).toMatchObject({ review: { limits: { targetScore: 60, maxIterations: 3 } }, checks: [], temporal: { namespace: 'default' }, save: { mode: 'none' } });
    expect(settings.temporal.address).toBeUndefined();
    expect(warnings).toEqual([
      `The project's koubou.yaml sets checks, save.mode, temporal.address: that counts only after \`koubou trust ${scratch.root}\`.`,
      "The project's koubou.yaml asks for more than your own settings allow (review.max_iterations): yours count.",
    ]);
  });

  it('count in full once trusted, until a byte of them changes', async () => {
    scratch.put('koubou.yaml', greedy);
    const { places } = await load();
    const trusted = await trustProject(places.stateDir, scratch.root);
    expect(trusted.granted).toEqual(['checks', 'save.mode', 'temporal.address']);
    const { settings, warnings } = await load();
    expect(settings).toMatchObject({ review: { limits: { maxIterations: 50 } }, checks: [{ name: 'evil' }], temporal: { address: 'evil:1' }, save: { mode: 'commit' } });
    expect(warnings).toEqual([]);
    scratch.put('koubou.yaml', `${greedy}#`);
    expect((await load()).warnings[0]).toContain("The project's koubou.yaml, changed since it was trusted, sets checks");
  });

  it('show a path that a shell takes as one word', async () => {
    const root = join(scratch.root, "it's here");
    mkdirSync(root);
    writeFileSync(join(root, 'koubou.yaml'), 'checks: []');
    const [warning] = (await load({ projectRoot: root })).warnings;
    expect(warning).toContain(String.raw`koubou trust '${scratch.root}/it'\''s here'`);
  });
});

describe('what resident workers were started with', () => {
  it('differs by what concerns them, and by nothing that a request carries', async () => {
    const of = async (options: Partial<ConfigOptions>): Promise<string> => settingsFingerprint(await load(options));
    const usual = await of({});
    expect(usual).toMatch(/^[0-9a-f]{64}$/);
    const same = { flags: { 'review.target': 10, reviewers: ['x'], 'save.mode': 'commit', 'reports.formats': ['json'] }, env: { TARGET_SCORE: '3', PATH: '/other', TEMPORAL_API_KEY: 'k' } };
    expect(await of(same)).toBe(usual);
    const others = await Promise.all([
      of({ env: { ANTHROPIC_API_KEY: 'a' } }), of({ env: { ANTHROPIC_API_KEY: 'b' } }), of({ env: { EVALUATION_MODE: 'strict' } }), of({ env: { HTTPS_PROXY: 'p' } }),
      of({ flags: { 'save.forbidden': ['x'] } }), of({ flags: { 'workers.concurrency.llm': 3 } }), of({ env: { KOUBOU_STORE_URL: 'sqlite:/x' } }), of({ env: { KOUBOU_HOME: '/k' } }),
    ]);
    expect(new Set([usual, ...others]).size).toBe(9);
  });

  it('holds hashes of secrets, never the secrets', async () => {
    const config = await load({ env: { OPENAI_API_KEY: 'hunter2', P_KEY: 'hunter3', KOUBOU_LLM_PROVIDERS: '{"p":{"api_key_env":"P_KEY"}}' } });
    expect(Object.keys(config.providerHashes)).toEqual(['OPENAI_API_KEY', 'P_KEY']);
    expect(JSON.stringify(config.providerHashes)).not.toMatch(/hunter/);
  });

  it('is the same in the service that a command starts, which knows no project', async () => {
    scratch.put('koubou.yaml', 'save: { forbidden: [a, "b,c"], max_artifact_bytes: 1000 }\nreview: { target: 1 }');
    const own = await load({ flags: { 'workers.idle_exit': '1h', 'llm.providers': { p: { base_url: 'https://models.example' } } } });
    const env = serviceEnvironment(own, { HOME: scratch.outside, LANG: 'C', UNSET: undefined });
    expect(env).toEqual({
      HOME: scratch.outside,
      LANG: 'C',
      KOUBOU_SAVE_FORBIDDEN: '["a","b,c"]',
      KOUBOU_SAVE_MAX_ARTIFACT_BYTES: '1000',
      KOUBOU_LLM_PROVIDERS: '{"p":{"base_url":"https://models.example"}}',
      KOUBOU_WORKERS_IDLE_EXIT: '3600000',
    });
    const service = await loadConfig({ cwd: '/', env });
    expect(settingsFingerprint(service)).toBe(settingsFingerprint(own));
  });
});

describe('the facts of this launch', () => {
  it('come from this very process', () => {
    expect(launchFacts()).toMatchObject({ cwd: process.cwd(), searchPath: process.env['PATH'] });
    expect(launchFacts({ INIT_CWD: '/somewhere' }, '/here').cwd).toBe('/here');
  });
});
