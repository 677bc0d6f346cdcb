import { cleanText } from './clean-text.ts';
import type { JsonNode, ObjectNode } from './json-cursor.ts';

/** 'Overall_Score' and 'overallScore' as one key. */
export function plainKey(key: string): string {
  return key.toLowerCase().replace(/[\s_-]+/g, '');
}

/** The values under any of these keys, in the object's own order. */
export function fieldsNamed(node: ObjectNode, names: ReadonlySet<string>): { readonly key: string; readonly value: JsonNode }[] {
  return [...node.fields].map(([key, value]) => ({ key: plainKey(key), value })).filter(({ key }) => names.has(key));
}

export function fieldNamed(node: ObjectNode, ...names: string[]): JsonNode | undefined {
  return fieldsNamed(node, new Set(names)).find(({ value }) => value.kind !== 'null')?.value;
}

/** The text of a string without what acts on a terminal; undefined for a blank one. */
export function textOf(node: JsonNode | undefined): string | undefined {
  const text = node?.kind === 'string' ? cleanText(node.text).trim() : '';
  return text === '' ? undefined : text;
}

export function booleanOf(node: JsonNode | undefined): boolean | undefined {
  return node?.kind === 'boolean' ? node.value : undefined;
}

export function numberOf(node: JsonNode | undefined): number | undefined {
  return node?.kind === 'number' && Number.isFinite(node.value) ? node.value : undefined;
}

export function objectOf(node: JsonNode | undefined): ObjectNode | undefined {
  return node?.kind === 'object' ? node : undefined;
}

export function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.kind === 'array' ? node.items : [];
}
