import { isDeepStrictEqual } from 'node:util';
import ts from 'typescript';
import type { Setting } from './clients.ts';
import { brokenFile, lostSomething } from './broken-file.ts';

interface JsonFile {
  readonly name: string;
  readonly text: string;
  /** Whether the client that reads it allows comments and commas after the last element. */
  readonly allowsComments: boolean;
}

/**
 * Puts settings into a JSON text and leaves every other character as it is.
 *
 * Fails   InvalidInput FILE_BROKEN, FILE_UNEXPECTED
 */
export function mergeJson(file: JsonFile, settings: readonly Setting[]): string {
  const begun = file.text.trim() === '' ? '{}\n' : file.text;
  return settings.reduce((text, setting) => mergeOne({ ...file, text }, setting), begun);
}

function mergeOne(file: JsonFile, setting: Setting): string {
  const before = read(file);
  const found = valueAt(before.value, setting.path);
  const wanted = setting.isListed === true ? listed(file, found, setting) : setting.value;
  if (isDeepStrictEqual(found, wanted)) return file.text;
  const text = replaceAt(file, before.root, setting.path, wanted);
  if (!isDeepStrictEqual(read({ ...file, text }).value, withValue(before.value, setting.path, wanted))) throw lostSomething(file.name);
  return text;
}

function listed(file: JsonFile, found: unknown, { value }: Setting): unknown[] {
  const list: unknown = found ?? [];
  if (!Array.isArray(list)) throw brokenFile(file.name, 'has something else where a list is expected');
  const id = (one: unknown): unknown => (one as { id?: unknown } | null)?.id;
  return list.some((one) => id(one) === id(value)) ? list : [...(list as unknown[]), value];
}

interface Read {
  readonly root: ts.ObjectLiteralExpression;
  readonly value: Record<string, unknown>;
}

// The compiler's reader of tsconfig.json: comments and trailing commas are allowed there too, and every node knows its place.
function read({ name, text, allowsComments }: JsonFile): Read {
  if (!allowsComments) assertPlainJson(name, text);
  const source = ts.parseJsonText('settings.json', text);
  const { config, error } = ts.parseConfigFileTextToJson('settings.json', text) as { config?: unknown; error?: ts.Diagnostic };
  const root = source.statements[0]?.expression;
  if (root === undefined || !ts.isObjectLiteralExpression(root)) throw brokenFile(name, 'does not hold an object');
  if (error !== undefined) throw brokenFile(name, `is no JSON at line ${source.getLineAndCharacterOfPosition(error.start ?? 0).line + 1}`);
  return { root, value: config as Record<string, unknown> };
}

function assertPlainJson(name: string, text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw brokenFile(name, 'is no JSON');
  }
}

function replaceAt({ name, text }: JsonFile, root: ts.ObjectLiteralExpression, path: readonly string[], value: unknown): string {
  const [key, ...rest] = path as [string, ...string[]];
  const property = root.properties.find((one): one is ts.PropertyAssignment => ts.isPropertyAssignment(one) && ts.isStringLiteral(one.name) && one.name.text === key);
  if (property === undefined) return insertInto(text, root, { key, value: nested(rest, value) });
  if (rest.length > 0) {
    if (!ts.isObjectLiteralExpression(property.initializer)) throw brokenFile(name, `has something else than an object under ${JSON.stringify(key)}`);
    return replaceAt({ name, text, allowsComments: true }, property.initializer, rest, value);
  }
  const start = skipTrivia(text, property.initializer.pos);
  return `${text.slice(0, start)}${written(value, indentAt(text, start))}${text.slice(property.initializer.end)}`;
}

function insertInto(text: string, object: ts.ObjectLiteralExpression, { key, value }: { readonly key: string; readonly value: unknown }): string {
  const open = skipTrivia(text, object.pos);
  const last = object.properties.at(-1);
  const outer = indentAt(text, open);
  const inner = last === undefined ? outer + indentUnit(text) : indentAt(text, skipTrivia(text, last.pos));
  const entry = `${JSON.stringify(key)}: ${written(value, inner)}`;
  if (last === undefined) {
    const behind = text.slice(open + 1, object.end - 1);
    return `${text.slice(0, open + 1)}${behind.trimEnd()}\n${inner}${entry}\n${outer}${text.slice(object.end - 1)}`;
  }
  const { end } = last;
  const comma = object.properties.hasTrailingComma ? '' : ',';
  const rest = comma === '' ? text.indexOf(',', end) + 1 : end;
  return `${text.slice(0, end)}${comma}${text.slice(end, rest)}\n${inner}${entry}${text.slice(rest)}`;
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inside, key) => ({ [key]: inside }), value);
}

function written(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}

function skipTrivia(text: string, position: number): number {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text, undefined, position);
  scanner.scan();
  return scanner.getTokenStart();
}

/** The blanks that the line of a position begins with. */
function indentAt(text: string, position: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', position - 1) + 1))![0];
}

function indentUnit(text: string): string {
  return /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inside, key) => (typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key) ? (inside as Record<string, unknown>)[key] : undefined), value);
}

function withValue(value: unknown, path: readonly string[], wanted: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return wanted;
  const object = (value ?? {}) as Record<string, unknown>;
  return { ...object, [key]: withValue(object[key], rest, wanted) };
}
