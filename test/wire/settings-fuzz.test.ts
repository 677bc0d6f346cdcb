import { anything, array, assert, constantFrom, json, oneof, property, string } from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { readEnvironment } from '#wire/settings-environment.ts';
import { settingKeys } from '#wire/settings-keys.ts';
import { readSettingsText } from '#wire/settings-yaml.ts';

/** Gives settings or an error that names who must act, whatever it is given. */
function expectNamed(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ kind: 'Misconfigured', code: expect.stringMatching(/^CONFIG_/) });
    expect((error as AppError).message.length).toBeLessThan(2_000);
  }
}

describe('settings of any content', () => {
  it('are read or refused by name when the file holds any characters', () => {
    const pieces = constantFrom('review', 'target', ':', ' ', '\n', '  ', '- ', '[', ']', '{', '}', '&a', '*a', '!!x', '"', "'", '#', '|', '>', '%', '---', '\t', '? ', '<<', '90', '~', '\0', '\uFEFF', '工');
    assert(property(oneof(string({ unit: 'binary' }), array(pieces, { maxLength: 60 }).map((parts) => parts.join(''))), (text) => expectNamed(() => readSettingsText(text, 'koubou.yaml'))), { numRuns: 100, seed: 3 });
  });

  it('are read or refused by name when a setting holds any value', () => {
    const keys = constantFrom(...settingKeys.map(({ key }) => key.split('.')));
    assert(property(keys, anything({ maxDepth: 3, values: [json(), string()] }), (path, value) => {
      const file = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value ?? null);
      expectNamed(() => readSettingsText(stringify(file), 'koubou.yaml'));
    }), { numRuns: 80, seed: 3 });
  });

  it('are read or refused by name when a variable holds any text', () => {
    assert(property(constantFrom(...settingKeys), oneof(string(), json()), ({ variable }, text) => expectNamed(() => readEnvironment({ [variable]: text }))), { numRuns: 100, seed: 3 });
  });
});
