import { describe, expect, it } from 'vitest';
import { settingKeys } from '#wire/settings-keys.ts';
import { layerOf, overlay } from '#wire/settings-layers.ts';
import { showSettings } from '#wire/settings-show.ts';

const of = (values: Record<string, unknown>) => layerOf(new Map(Object.entries(values)), 'user file');

describe('settings as they are shown', () => {
  it('are all there, in the order of the schema, with those of the evaluation last', () => {
    const rows = showSettings(overlay(of({ 'review.target': 90 }), layerOf(new Map([['evaluation.mode', 'strict']]), 'environment EVALUATION_MODE')));
    expect(rows.map(({ key }) => key)).toEqual([...settingKeys.map(({ key }) => key), 'evaluation.mode']);
    expect(rows[0]).toEqual({ key: 'review.target', value: 90, origin: 'user file' });
    expect(rows.at(-1)).toEqual({ key: 'evaluation.mode', value: 'strict', origin: 'environment EVALUATION_MODE' });
    expect(rows.filter(({ origin }) => origin === 'default').every(({ value }) => value === null)).toBe(true);
  });

  it('have times as people write them, and other numbers as they are', () => {
    const rows = showSettings(of({ 'review.timeout': 600_000, 'workers.idle_exit': 90_000, 'save.max_artifact_bytes': 60_000 }));
    expect(rows.filter(({ origin }) => origin === 'user file').map(({ value }) => value)).toEqual(['10m', 60_000, '90s']);
  });

  it.each([
    ['postgres://me:hunter2@db:5432/k', 'postgres://me:***@db:5432/k'],
    ['postgres://me:hun:ter2@db/k', 'postgres://me:***@db/k'],
    ['postgres://me:hun@ter2@db/k', 'postgres://me:***@db/k'],
    ['postgres://me:hun/ter2@db/k', 'postgres://me:***@db/k'],
    ['postgres://:hunter2@db/k', 'postgres://:***@db/k'],
    ['postgres://db/k?password=hunter2&sslmode=require', 'postgres://db/k?password=***&sslmode=require'],
    ['postgres://db/k?a=1&sslpassword=hunter2', 'postgres://db/k?a=1&sslpassword=***'],
    ['postgres://me@db/k', 'postgres://me@db/k'],
    ['sqlite:/home/me/store.db', 'sqlite:/home/me/store.db'],
  ])('show the address %s without its password', (url, masked) => {
    expect(showSettings(of({ 'store.url': url })).find(({ key }) => key === 'store.url')?.value).toBe(masked);
  });
});
