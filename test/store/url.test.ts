import { describe, expect, it } from 'vitest';
import { openStore } from '#store/open-store.ts';
import { readStoreUrl } from '#store/url.ts';

describe('the address of a store', () => {
  it.each([
    ['sqlite:/a b/store.db', { kind: 'sqlite', target: '/a b/store.db', shown: '/a b/store.db' }],
    ['sqlite:///a/store.db', { kind: 'sqlite', target: '/a/store.db', shown: '/a/store.db' }],
    ['sqlite::memory:', { kind: 'sqlite', target: ':memory:', shown: ':memory:' }],
    ['postgres://db/koubou', { kind: 'postgres', target: 'postgres://db/koubou', shown: 'postgres://db/koubou' }],
    ['postgresql://me:pw%40@db:5433/k?sslmode=require&password=pw', { kind: 'postgres', target: 'postgresql://me:pw%40@db:5433/k?sslmode=require&password=pw', shown: 'postgresql://me@db:5433/k' }],
  ])('%s is read', (url, expected) => {
    expect(readStoreUrl(url)).toEqual(expected);
  });

  it.each(['', 'store.db', 'sqlite:', 'sqlite:store.db', 'sqlite://host/store.db', 'sqlite:/a\0b', 'mysql://a/b', 'postgres://db', 'postgres://db/', 'postgres://a b/c', 'file:/a'])('%j is refused without being repeated', (url) => {
    expect(() => openStore({ url })).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'STORE_URL', message: expect.stringContaining('Give sqlite:/absolute/file or postgres://') }));
  });
});
