import { AppError } from './errors.ts';

/** 'costUsd' → 'cost_usd'; digits stay where they are: 'sha256'. */
export type SnakeKey<K extends string> = K extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeKey<Tail>}`
  : K;

/** 'cost_usd' → 'costUsd'. */
export type CamelKey<K extends string> = K extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : K;

export type SnakeKeys<T> = T extends readonly (infer Item)[]
  ? SnakeKeys<Item>[]
  : T extends object
    ? { [K in keyof T as K extends string ? SnakeKey<K> : K]: SnakeKeys<T[K]> }
    : T;

export type CamelKeys<T> = T extends readonly (infer Item)[]
  ? CamelKeys<Item>[]
  : T extends object
    ? { [K in keyof T as K extends string ? CamelKey<K> : K]: CamelKeys<T[K]> }
    : T;

/** Nothing this program reads or writes nests deeper than 10; more is an attack on the stack. */
export const maxJsonDepth = 64;

/** Keys that would reach an object's prototype instead of its fields. */
const forbiddenKeys: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * A JSON value with every key in snake_case: what leaves the program. Values are untouched, `undefined` fields are dropped,
 * and keys without capitals (category names, format ids) stay as they are.
 *
 * Fails   InvalidInput INPUT_FORBIDDEN_KEY, INPUT_DUPLICATE_KEY (two keys become one), INPUT_TOO_DEEP
 */
export function toSnakeKeys<T>(value: T): SnakeKeys<T> {
  return convert(value, snakeKey, 0) as SnakeKeys<T>;
}

/** A JSON value with every key in camelCase: what came in. Fails as `toSnakeKeys` does. */
export function toCamelKeys<T>(value: T): CamelKeys<T> {
  return convert(value, camelKey, 0) as CamelKeys<T>;
}

function snakeKey(key: string): string {
  return key.replace(/(?<=[A-Za-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelKey(key: string): string {
  return key.replace(/(?<=[A-Za-z0-9])_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function convert(value: unknown, rename: (key: string) => string, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxJsonDepth) throw new AppError('InvalidInput', 'INPUT_TOO_DEEP', `JSON nests deeper than ${maxJsonDepth} levels. Flatten it.`);
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : convert(item, rename, depth + 1)));
  const renamed = new Map<string, unknown>();
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const name = rename(key);
    refuseKey(key, renamed.has(name));
    renamed.set(name, convert(field, rename, depth + 1));
  }
  return Object.fromEntries(renamed);
}

function refuseKey(key: string, isTaken: boolean): void {
  if (forbiddenKeys.includes(key)) throw new AppError('InvalidInput', 'INPUT_FORBIDDEN_KEY', `The key "${key}" is not allowed in JSON. Remove it.`);
  if (isTaken) throw new AppError('InvalidInput', 'INPUT_DUPLICATE_KEY', 'Two keys of one object mean the same field. Keep one of them.');
}
