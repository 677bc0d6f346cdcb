import { assert, constantFrom, dictionary, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatten, settingGroups, settingKeys, unflatten } from '#wire/settings-keys.ts';

describe('the keys of settings', () => {
  it('are those of the contract, each read from a variable in its own way', () => {
    const byKind = Map.groupBy(settingKeys, ({ kind }) => kind);
    const keysOf = (kind: 'number' | 'boolean' | 'list' | 'json' | 'text'): string[] => (byKind.get(kind) ?? []).map(({ key }) => key);
    expect({ number: keysOf('number'), boolean: keysOf('boolean'), list: keysOf('list'), json: keysOf('json'), text: keysOf('text') }).toEqual({
      number: [
        'review.target', 'review.max_iterations', 'review.weights.syntax', 'review.weights.logic', 'review.weights.performance', 'review.weights.security',
        'save.max_artifact_bytes', 'llm.context_tokens', 'llm.budget_usd', 'llm.budget_tokens', 'llm.daily_budget_usd', 'llm.daily_budget_tokens', 'workers.concurrency.analysis', 'workers.concurrency.llm', 'workers.concurrency.workspace',
        'workers.concurrency.report', 'workers.engine_memory_mb',
      ],
      boolean: ['temporal.tls', 'mcp.autostart'],
      list: ['reviewers', 'save.allowed_directories', 'save.allowed_extensions', 'save.forbidden', 'llm.fallback', 'reports.formats'],
      json: ['review.criteria', 'review.profiles', 'checks', 'llm.providers', 'llm.models', 'llm.prices'],
      text: [
        'review.iteration_timeout', 'review.timeout', 'improver', 'save.mode', 'git.subject', 'temporal.address', 'temporal.namespace', 'temporal.task_queue',
        'temporal.tls_server_name', 'temporal.tls_server_ca_cert_path', 'temporal.tls_client_cert_path', 'temporal.tls_client_key_path',
        'store.url', 'workers.idle_exit', 'workers.engine_timeout', 'mcp.wait', 'reports.directory',
      ],
    });
    expect(settingGroups).toEqual(['review', 'reviewers', 'improver', 'checks', 'save', 'git', 'llm', 'temporal', 'store', 'workers', 'mcp', 'reports', 'privacy']);
  });

  it('go from a file to a table and back without loss', () => {
    const files = dictionary(constantFrom(...settingKeys.map(({ key }) => key)), integer());
    assert(property(files, (values) => {
      const table = new Map(Object.entries(values));
      expect(Object.fromEntries(flatten(unflatten(table)))).toEqual(Object.fromEntries(table));
    }));
  });

  it('ignore what is no setting', () => {
    expect(flatten({ review: { target: 3, other: 1 }, privacy: {}, reviewers: undefined, save: null })).toEqual(new Map([['review.target', 3]]));
    expect(flatten('text')).toEqual(new Map());
  });
});
