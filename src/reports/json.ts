import { toSnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';

/** The wire form, and nothing else: snake_case of the report, for programs and for people who read JSON. */
export function renderJson(report: Report): string {
  return writeJson(toSnakeKeys(report));
}

/** Any value as pretty JSON that ends with a line feed, safe to print. */
export function writeJson(value: unknown): string {
  return `${safeJson(value, 2)}\n`;
}

// Characters that JSON allows raw but that a terminal obeys or that hide or turn text.
const unsafe = /[\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** JSON that means the same and is safe to print: no raw control, invisible or direction-changing character. */
export function safeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
