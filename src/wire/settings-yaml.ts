import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml';
import { AppError } from '#domain/errors.ts';
import { settingsSchema, type SettingsFile } from './settings.ts';
import { settingsError } from './settings-problems.ts';

/** Settings need no aliases; a few do no harm, a tree of them stands for billions of nodes. */
const maxAliases = 100;

/**
 * Reads the text of a koubou.yaml; groups without content count as absent.
 *
 * In      name  as messages call the file
 * Fails   Misconfigured CONFIG_INVALID, CONFIG_UNKNOWN_KEY, CONFIG_ALIAS_LIMIT, CONFIG_ROOT_TOO_WIDE, CONFIG_SECRET_IN_FILE,
 *         with line and column
 */
export function readSettingsText(text: string, name: string): SettingsFile {
  const lines = new LineCounter();
  const document = parse(text, name, lines);
  const value = toPlain(document, name);
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(name, 'the file holds no groups. Begin with a line such as "review:"');
  const read = settingsSchema.safeParse(value);
  if (!read.success) throw settingsError(read.error.issues, { name, placeOf: (path) => placeOf(document, lines, path) });
  refuseSecrets(read.data, name);
  return read.data;
}

function parse(text: string, name: string, lineCounter: LineCounter): Document {
  const document = parseSafely(text, name, lineCounter);
  // A warning is a tag that nobody knows: in settings that is a mistake or an attempt.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw invalid(name, tellYaml(problem, lineCounter));
  inspect(document, name, lineCounter);
  return document;
}

function parseSafely(text: string, name: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { schema: 'core', version: '1.2', uniqueKeys: false, prettyErrors: false, lineCounter });
  } catch (cause) {
    if (cause instanceof RangeError) throw invalid(name, 'it nests too deeply. Settings need four levels');
    throw cause;
  }
}

// The parser compares every key with every other and resolves aliases slowly: a hostile file would take minutes.
function inspect(document: Document, name: string, lines: LineCounter): void {
  let aliases = 0;
  visit(document, {
    Alias: () => {
      aliases += 1;
      if (aliases > maxAliases) throw tooManyAliases(name);
    },
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) throw invalid(name, `${positionOf(lines, isNode(key) ? (key.range?.[0] ?? 0) : 0)}: a key is a plain word here`);
        if (seen.has(key.value)) throw invalid(name, `${positionOf(lines, key.range?.[0] ?? 0)}: this key is there twice; keep one`);
        seen.add(key.value);
      }
    },
  });
}

function tellYaml({ code, message, pos }: YAMLError, lines: LineCounter): string {
  return `${positionOf(lines, pos[0])}: ${yamlWords[code] ?? message.split('\n')[0]}`;
}

const yamlWords: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab indents here; use spaces',
  TAG_RESOLVE_FAILED: 'tags (!…) are not used here',
  RESOURCE_EXHAUSTION: 'this nests too deeply; settings need four levels',
  MULTIPLE_DOCS: 'a second document begins here; keep one',
};

function toPlain(document: Document, name: string): unknown {
  try {
    // An alias that holds itself makes a value without an end.
    return withoutEmpty(document.toJS({ maxAliasCount: maxAliases }));
  } catch (cause) {
    if (cause instanceof ReferenceError) throw tooManyAliases(name);
    if (cause instanceof RangeError) throw invalid(name, 'it nests too deeply, or an alias holds itself. Settings need four levels');
    throw cause;
  }
}

// 'review:' with all its keys commented out is null.
function withoutEmpty(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, field]) => [key, withoutEmpty(field)] as const);
  return Object.fromEntries(entries.filter(([, field]) => field !== undefined));
}

// The place of the last name on the path that is in the file: of the key where it is one, else of the list's entry.
function placeOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const node = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path[length - 1])?.key : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    return positionOf(lines, node.range[0]);
  }
  return undefined;
}

function refuseSecrets(file: SettingsFile, name: string): void {
  const addresses = [['store.url', file.store?.url], ...Object.entries(file.llm?.providers ?? {}).map(([provider, { base_url }]) => [`llm.providers.${provider}.base_url`, base_url])] as const;
  const [key] = addresses.find(([, address]) => address !== undefined && hasSecret(address)) ?? [];
  if (key === undefined) return;
  const variable = key === 'store.url' ? 'KOUBOU_STORE_URL' : 'an environment variable';
  throw new AppError('Misconfigured', 'CONFIG_SECRET_IN_FILE', `${name}: ${key} holds a password. Remove it from the file and give the address in ${variable}.`);
}

/** Whether an address carries a password or a key. */
export function hasSecret(address: string): boolean {
  return /^[a-z]+:\/\/[^/@\s:]*:\S*@/i.test(address) || /[?&][^=&]*(?:pass|secret|token|key)[^=&]*=/i.test(address);
}

function positionOf(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}

function tooManyAliases(name: string): AppError {
  return new AppError('Misconfigured', 'CONFIG_ALIAS_LIMIT', `${name}: its aliases (*name) stand for too much. Write the values out.`);
}

function invalid(name: string, what: string): AppError {
  return new AppError('Misconfigured', 'CONFIG_INVALID', `${name}: ${what}.`);
}
