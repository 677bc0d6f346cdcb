import { describe, expect, test } from 'vitest';
import { allowedPlaces, isLoopback } from '#mcp/http/places.ts';

const loopback = allowedPlaces('127.0.0.1');
const everywhere = allowedPlaces('0.0.0.0', new URL('https://reviews.example'));

describe('a host on loopback', () => {
  test.each(['127.0.0.1', '127.0.0.1:8080', 'localhost', 'LOCALHOST:1', '[::1]:8080'])('is called %j', (host) => {
    expect(loopback.allowsHost(host)).toBe(true);
  });

  test.each([undefined, '', 'evil.example', 'evil.example:8080', '127.0.0.1.evil.example', 'localhost.evil.example', 'evil.example#localhost', 'localhost@evil.example', 'localhost/..', '192.168.1.5:8080', '[::2]:80', '127.0.0.1:x'])('is not called %j', (host) => {
    expect(loopback.allowsHost(host)).toBe(false);
  });

  test.each([undefined, 'http://localhost', 'http://localhost:3000', 'http://127.0.0.1:8080', 'https://localhost', 'http://[::1]:3000'])('may be asked by a page of %j', (origin) => {
    expect(loopback.allowsOrigin(origin)).toBe(true);
  });

  test.each(['null', '', 'http://evil.example', 'http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'http://localhost:3000/path', 'file://localhost', 'chrome-extension://localhost', 'localhost', 'http://user@localhost'])('may not be asked by a page of %j', (origin) => {
    expect(loopback.allowsOrigin(origin)).toBe(false);
  });
});

describe('a host on every address, with a public one', () => {
  test.each(['192.168.1.5:8080', '[2001:db8::1]:80', 'localhost:80', 'reviews.example', 'reviews.example:443'])('is called %j', (host) => {
    expect(everywhere.allowsHost(host)).toBe(true);
  });

  test.each(['evil.example', '192.168.1.5.evil.example', 'reviews.example.evil.example', 'sub.reviews.example'])('is not called %j', (host) => {
    expect(everywhere.allowsHost(host)).toBe(false);
  });

  test('may be asked by pages of the public address alone, in its own scheme and port', () => {
    const origins = ['https://reviews.example', 'http://reviews.example', 'https://reviews.example:8443', 'https://evil.example'];
    expect(origins.map((origin) => everywhere.allowsOrigin(origin))).toEqual([true, false, false, false]);
  });
});

test('a host that was given a name is called by it', () => {
  expect([allowedPlaces('box.local').allowsHost('box.local:80'), allowedPlaces('box.local').allowsHost('other.local:80')]).toEqual([true, false]);
});

test('loopback addresses are told from others', () => {
  expect(['127.0.0.1', '127.1.2.3', 'localhost', '::1', '0.0.0.0', '::', '10.0.0.1', '127.evil'].map(isLoopback)).toEqual([true, true, true, true, false, false, false, false]);
});
