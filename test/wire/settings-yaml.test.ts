import { describe, expect, it } from 'vitest';
import { settingKeys } from '#wire/settings-keys.ts';
import { settingsTemplate } from '#wire/settings-template.ts';
import { hasSecret, readSettingsText } from '#wire/settings-yaml.ts';

function failureOf(text: string): string {
  try {
    readSettingsText(text, 'koubou.yaml');
  } catch (error) {
    const { kind, code, message } = error as { kind: string; code: string; message: string };
    expect(kind).toBe('Misconfigured');
    return `${code} ${message}`;
  }
  return 'nothing';
}

/** Nine levels of eight aliases each: 134 million words. */
function aliasBomb(): string {
  const levels = 'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 8 }, () => `*${'abcdefghi'[index]}`).join(', ')}]`);
  return ['a: &a [x, x, x, x, x, x, x, x]', ...levels].join('\n');
}

describe('the text of a settings file', () => {
  it('is read with its times in milliseconds', () => {
    const text = ['review:', '  target: 90.5', '  timeout: 10m', '  profiles:', '    strict: { iteration_timeout: 500ms }', 'reviewers: [static, writer]', 'save: { allowed_extensions: [.TS, ""] }', 'workers: { idle_exit: 1h }'].join('\n');
    expect(readSettingsText(text, 'koubou.yaml')).toEqual({
      review: { target: 90.5, timeout: 600_000, profiles: { strict: { iteration_timeout: 500 } } },
      reviewers: ['static', 'writer'],
      save: { allowed_extensions: ['.ts', ''] },
      workers: { idle_exit: 3_600_000 },
    });
  });

  it.each(['', '# only a comment\n', '\uFEFF', 'review:\n  # target: 3\n', '{}'])('says nothing when it is %j', (text) => {
    expect(Object.values(readSettingsText(text, 'koubou.yaml')).every((group) => Object.keys(group).length === 0)).toBe(true);
  });

  it.each([
    ['a misspelt key', 'review:\n  taget: 3\n', 'CONFIG_UNKNOWN_KEY koubou.yaml: line 2, column 3: unknown key "taget" in review; did you mean "target"?'],
    ['a misspelt group', 'reveiw: {}\n', 'CONFIG_UNKNOWN_KEY koubou.yaml: line 1, column 1: unknown key "reveiw"; did you mean "review"?'],
    ['a key outside its group', 'target: 3', 'CONFIG_UNKNOWN_KEY koubou.yaml: line 1, column 1: unknown key "target"; did you mean "review.target"?'],
    ['a key that resembles none', 'mcp: { colour: red }', 'CONFIG_UNKNOWN_KEY koubou.yaml: line 1, column 8: unknown key "colour" in mcp; known are autostart, wait.'],
    ['a number that is too large', 'review: { target: 101 }', 'CONFIG_INVALID koubou.yaml: line 1, column 11: review.target: at most 100 is allowed.'],
    ['a number that is too small', 'review: { max_iterations: 0 }', 'CONFIG_INVALID koubou.yaml: line 1, column 11: review.max_iterations: at least 1 is needed.'],
    ['a word that is none of them', 'save:\n  mode: all', 'CONFIG_INVALID koubou.yaml: line 2, column 3: save.mode: one of none, write, commit is wanted.'],
    ['a time that is none', 'review: { timeout: soon }', 'CONFIG_INVALID koubou.yaml: line 1, column 11: review.timeout: a time such as 500ms, 30s, 10m or 1h, from 100ms to 168h is wanted.'],
    ['a time that is too long', 'review: { timeout: 1000h }', 'CONFIG_INVALID koubou.yaml: line 1, column 11: review.timeout: a time such as 500ms, 30s, 10m or 1h, from 100ms to 168h is wanted.'],
    ['text for a number', 'review: { target: high }', 'CONFIG_INVALID koubou.yaml: line 1, column 11: review.target: a number is wanted.'],
    ['a list for a group', 'review: [1]', 'CONFIG_INVALID koubou.yaml: line 1, column 1: review: a group of keys is wanted.'],
    ['an empty list of reviewers', 'reviewers: []', 'CONFIG_INVALID koubou.yaml: line 1, column 1: reviewers: at least 1 in the list are needed.'],
    ['a check without a command', 'checks:\n  - name: tests', 'CONFIG_INVALID koubou.yaml: line 2, column 5: checks.0.command: a list is wanted.'],
    ['a profile without a proper name', 'review: { profiles: { "a b": {} } }', 'CONFIG_INVALID koubou.yaml: line 1, column 23: review.profiles.a b: a name has letters'],
    ['a key twice', 'review:\n  target: 1\n  target: 2', 'CONFIG_INVALID koubou.yaml: line 3, column 3: this key is there twice; keep one.'],
    ['a tab', 'review:\n\ttarget: 1', 'CONFIG_INVALID koubou.yaml: line 2, column 1: a tab indents here; use spaces.'],
    ['a tag', 'review: !!js/function "return 1"', 'CONFIG_INVALID koubou.yaml: line 1, column 9: tags (!…) are not used here.'],
    ['a list as a key', 'review:\n  [a]: 1', 'CONFIG_INVALID koubou.yaml: line 2, column 3: a key is a plain word here.'],
    ['an alias as a key', 'a: &a x\n*a : 1', 'CONFIG_INVALID koubou.yaml: line 2, column 1: a key is a plain word here.'],
    ['two documents', 'review: {}\n---\nreview: {}', 'CONFIG_INVALID koubou.yaml: line 2, column 1: a second document begins here; keep one.'],
    ['a list at the top', '- review', 'CONFIG_INVALID koubou.yaml: the file holds no groups.'],
    ['a word at the top', 'review', 'CONFIG_INVALID koubou.yaml: the file holds no groups.'],
    ['a tree of aliases', aliasBomb(), 'CONFIG_ALIAS_LIMIT koubou.yaml: its aliases (*name) stand for too much.'],
    ['three thousand brackets', '['.repeat(3_000), 'CONFIG_INVALID koubou.yaml: line 1, column '],
    ['a prototype', '__proto__: { review: {} }', 'CONFIG_UNKNOWN_KEY koubou.yaml: line 1, column 1: unknown key "__proto__"'],
    ['the root of the machine', 'save: { allowed_directories: [/] }', 'CONFIG_ROOT_TOO_WIDE koubou.yaml: line 1, column 31: save.allowed_directories.0 reaches beyond the root; give a folder below the root, such as src.'],
    ['a folder beside the root', 'save: { allowed_directories: [src, ../other] }', 'CONFIG_ROOT_TOO_WIDE koubou.yaml: line 1, column 36: save.allowed_directories.1'],
    ['a home folder', 'save: { allowed_directories: ["~"] }', 'CONFIG_ROOT_TOO_WIDE'],
    ['a drive', 'save: { allowed_directories: ["C:\\\\"] }', 'CONFIG_ROOT_TOO_WIDE'],
    ['a password in an address', 'store: { url: "postgres://me:hunter2@db/k" }', 'CONFIG_SECRET_IN_FILE koubou.yaml: store.url holds a password. Remove it from the file and give the address in KOUBOU_STORE_URL.'],
    ['a password behind an address', 'store: { url: "postgres://db/k?password=hunter2" }', 'CONFIG_SECRET_IN_FILE'],
    ['a key of a provider', 'llm: { providers: { example: { api_key: hunter2 } } }', 'CONFIG_SECRET_IN_FILE koubou.yaml: line 1, column 32: "api_key" looks like a secret'],
    ['a key of Temporal', 'temporal: { api_key: hunter2 }', 'CONFIG_SECRET_IN_FILE'],
    ['a password for a provider', 'llm: { providers: { example: { base_url: "https://me:hunter2@models.example" } } }', 'CONFIG_SECRET_IN_FILE koubou.yaml: llm.providers.example.base_url'],
  ])('is refused for %s, by place and without its values', (_, text, expected) => {
    const failure = failureOf(text);
    expect(failure.slice(0, expected.length)).toBe(expected);
    expect(failure).not.toMatch(/soon|high|hunter2|return 1/);
  });

  it('is refused at once for thousands of keys or aliases', () => {
    const started = performance.now();
    const keys = Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`).join('\n');
    const aliases = `a: &a 1\n${Array.from({ length: 5_000 }, (_, index) => `k${index}: *a`).join('\n')}`;
    expect(failureOf(keys)).toMatch(/^CONFIG_UNKNOWN_KEY .* unknown key "k0", "k1", "k2"; known are review/);
    expect(failureOf(aliases)).toMatch(/^CONFIG_ALIAS_LIMIT/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('tells three problems at most', () => {
    const failure = failureOf('review: { target: -1, max_iterations: -1, timeout: x, iteration_timeout: x }');
    expect(failure.match(/line 1/g)).toHaveLength(3);
  });

  it('may use a few aliases', () => {
    const text = 'review:\n  profiles:\n    a: &limits { target: 90 }\n    b: *limits\n';
    expect(readSettingsText(text, 'koubou.yaml').review?.profiles).toEqual({ a: { target: 90 }, b: { target: 90 } });
  });
});

describe('the template of a settings file', () => {
  it('sets nothing as it stands', () => {
    expect(readSettingsText(settingsTemplate, 'koubou.yaml')).toEqual({});
  });

  it('names every setting, and is valid with all of it commented in', () => {
    // A comment that is a setting has '# ', perhaps more blanks, and a key or a list's dash.
    const lines = settingsTemplate.split('\n').map((line) => line.replace(/^(\s*)# (\s*(?:- )?[a-z_0-9-]+:)/, '$1$2'));
    const read = readSettingsText(lines.join('\n'), 'koubou.yaml') as Record<string, unknown>;
    const missing = settingKeys.filter(({ key }) => key.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], read) === undefined);
    expect(missing.map(({ key }) => key)).toEqual([]);
  });
});

describe('an address with a secret', () => {
  it('is told from one without', () => {
    expect(['postgres://me@db/k', 'sqlite:/a:b@c', 'https://models.example/v1', 'postgres://db:5432/k?sslmode=require'].map(hasSecret)).toEqual([false, false, false, false]);
    expect(['postgres://me:w@db/k', 'postgres://:w@db/k', 'https://a/b?api_key=w', 'postgres://db/k?sslpassword=w', 'postgres://me:w/w@db/k'].map(hasSecret)).toEqual([true, true, true, true, true]);
  });
});

it('an alias that holds itself is refused, not followed', () => {
  expect(() => readSettingsText('review: &a\n  x: *a\n', 'koubou.yaml')).toThrow('an alias holds itself');
});
