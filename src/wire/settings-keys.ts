import { z } from 'zod';
import { settingsSchema } from './settings.ts';

/** One setting by its dotted name: 'review.target', 'reviewers', 'workers.concurrency.llm'. */
export interface SettingKey {
  readonly key: string;
  readonly schema: z.ZodType;
  /** KOUBOU_REVIEW_TARGET. */
  readonly variable: string;
  /** How a variable's text becomes a value. */
  readonly kind: 'text' | 'number' | 'boolean' | 'list' | 'json';
}

/** Values by dotted key: the form in which layers are laid over each other. */
export type FlatSettings = ReadonlyMap<string, unknown>;

/** Every setting there is, in the order of the schema. */
export const settingKeys: readonly SettingKey[] = keysOf(settingsSchema, '');

export const settingGroups: readonly string[] = Object.keys(settingsSchema.shape);

/** The values of a parsed file by dotted key. */
export function flatten(file: unknown): FlatSettings {
  const found = settingKeys.map(({ key }) => [key, valueAt(file, key.split('.'))] as const);
  return new Map(found.filter(([, value]) => value !== undefined));
}

/** The opposite of `flatten`: nested objects, as a file has them. */
export function unflatten(flat: FlatSettings): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, value] of flat) {
    const path = key.split('.');
    const parent = path.slice(0, -1).reduce((at, name) => (at[name] ??= {}) as Record<string, unknown>, root);
    parent[path.at(-1)!] = value;
  }
  return root;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined), value);
}

function keysOf(object: z.ZodObject, prefix: string): SettingKey[] {
  return Object.entries(object.shape).flatMap(([name, schema]) => {
    const key = `${prefix}${name}`;
    const inner = unwrap(schema as z.ZodType);
    if (inner instanceof z.ZodObject) return keysOf(inner, `${key}.`);
    return [{ key, schema: inner, variable: `KOUBOU_${key.replaceAll('.', '_').toUpperCase()}`, kind: kindOf(inner) }];
  });
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function kindOf(schema: z.ZodType): SettingKey['kind'] {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodRecord) return 'json';
  if (schema instanceof z.ZodArray) return unwrap(schema.element as z.ZodType) instanceof z.ZodObject ? 'json' : 'list';
  return 'text';
}
