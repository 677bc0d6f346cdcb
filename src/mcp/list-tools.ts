import { z } from 'zod';
import { tools } from './tools/all.ts';
import type { Tool, ToolAnnotations } from './tools/tool.ts';

/** A JSON Schema of an object. */
export interface ObjectSchema extends Readonly<Record<string, unknown>> {
  readonly type: 'object';
  readonly properties?: Record<string, object>;
  readonly required?: string[];
}

/** A tool as `tools/list` tells it. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema?: ObjectSchema;
  readonly annotations: Partial<ToolAnnotations>;
}

const lengths: readonly string[] = ['minLength', 'maxLength', 'minItems', 'maxItems'];

/** What only keeps a number reasonable. */
const largest = 1_000_000;

let listed: readonly ListedTool[] | null = null;

/** Every tool; the same at every call and in every process. Every byte of it is paid for with each session of a model. */
export function listTools(): readonly ListedTool[] {
  listed ??= tools.map(describe);
  return listed;
}

function describe({ name, title, description, input, output, annotations }: Tool): ListedTool {
  const { readOnlyHint, openWorldHint, ...ofWriters } = annotations;
  const told = readOnlyHint ? { readOnlyHint, openWorldHint } : { readOnlyHint, openWorldHint, ...ofWriters };
  return { name, title, description, inputSchema: schemaOf(input), ...(output === undefined ? {} : { outputSchema: schemaOf(output) }), annotations: told };
}

function schemaOf(schema: z.ZodObject): ObjectSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return compact(rest) as ObjectSchema;
}

// What helps no model to call a tool: limits of length, bounds that nobody comes near, and that more fields may come.
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([name, field]) => !isNoise(name, field)).map(oneType);
  return Object.fromEntries(fields.map(([name, field]) => [name, compact(field)]));
}

// Some hosts map schemas onto a dialect in which a type is one word.
function oneType([name, field]: [string, unknown]): [string, unknown] {
  return name === 'type' && Array.isArray(field) ? ['anyOf', field.map((type: unknown) => ({ type }))] : [name, field];
}

function isNoise(name: string, field: unknown): boolean {
  if (name === 'minimum') return Number(field) <= 1;
  if (name === 'maximum' || name === 'exclusiveMinimum') return Number(field) === 0 || Number(field) >= largest;
  if (name === 'additionalProperties' || name === 'properties') return typeof field === 'object' && field !== null && Object.keys(field).length === 0;
  return typeof field === 'number' ? lengths.includes(name) : name === 'propertyNames';
}
