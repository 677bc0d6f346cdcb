import { parseArgs } from 'node:util';
import { AppError } from '#domain/errors.ts';
import { nearestWord } from '#wire/nearest.ts';
import { commandNames, commonFlags, specOf, type CommandName, type CommandSpec, type FlagSpec } from './command-table.ts';

/** The flags of one call, read by name. */
export interface Flags {
  /** Whether it was given, with or without a value. */
  has(name: string): boolean;
  /** Its value; the last one where it was given twice. '' for one whose value may be left out and was. */
  text(name: string): string | undefined;
  /** All its values, in order. */
  list(name: string): readonly string[];
}

export interface ParsedCommand {
  readonly name: CommandName;
  readonly flags: Flags;
  readonly arguments: readonly string[];
}

/**
 * Reads what was typed after `koubou`.
 *
 * Fails   InvalidInput INPUT_UNKNOWN_COMMAND, INPUT_UNKNOWN_FLAG (both with the name that was probably meant), INPUT_INVALID
 */
export function parseCommandLine(argv: readonly string[]): ParsedCommand {
  const { word, rest } = takeCommand(argv);
  const name = commandNames.find((known) => known === word);
  if (name === undefined) throw unknownCommand(word);
  const spec = specOf(name);
  const { flags, positionals } = readWords(name, spec, rest);
  checkArguments(name, spec, positionals);
  return { name, flags, arguments: positionals };
}

/** Whether a switch that must hold before anything could be parsed was typed: --json, --debug, --no-color. */
export function typedSwitch(argv: readonly string[], name: string): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes(`--${name}`);
}

// Common flags may stand before the command: koubou --json status.
function takeCommand(argv: readonly string[]): { word: string; rest: string[] } {
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index]!;
    if (!word.startsWith('-')) return { word, rest: [...argv.slice(0, index), ...argv.slice(index + 1)] };
    const flag = commonFlags[word.slice(2)];
    if (flag?.takes !== undefined) index += 1;
  }
  throw new AppError('InvalidInput', 'INPUT_UNKNOWN_COMMAND', 'A command is missing; `koubou --help` lists them.');
}

function readWords(name: CommandName, spec: CommandSpec, words: readonly string[]): { flags: Flags; positionals: string[] } {
  const known = { ...commonFlags, ...spec.flags };
  const { tokens } = parseArgs({
    args: joinOptionalValues(words, known),
    options: Object.fromEntries(Object.entries(known).map(([flag, { takes }]) => [flag, { type: takes === undefined ? 'boolean' : 'string' }] as const)),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(known, token.name) && token.rawName.startsWith('--') ? known[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(name, token.rawName, Object.keys(known));
    values.set(token.name, [...(values.get(token.name) ?? []), readValue(token, flag)]);
  }
  return { flags: flagsOf(values), positionals };
}

function readValue(token: { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined }, { takes, optionalValue }: FlagSpec): string {
  const { rawName, value, inlineValue } = token;
  if (takes === undefined) {
    if (value !== undefined) throw invalid(`${rawName} takes no value.`);
    return '';
  }
  if (optionalValue === true) return value ?? '';
  if (value === undefined || value === '') throw invalid(`${rawName} needs a value: ${rawName} ${takes}.`);
  if (inlineValue !== true && value.startsWith('-') && value.length > 1) {
    throw invalid(`${rawName} needs a value: ${rawName} ${takes}. One that begins with a dash is written ${rawName}=${value}.`);
  }
  return value;
}

// `--diff BASE` and a bare `--diff`: the word behind it is its value unless it is a flag.
function joinOptionalValues(words: readonly string[], known: Readonly<Record<string, FlagSpec>>): string[] {
  const end = words.indexOf('--');
  const [before, behind] = end === -1 ? [words, []] : [words.slice(0, end), words.slice(end)];
  const isOptional = (word = ''): boolean => word.startsWith('--') && known[word.slice(2)]?.optionalValue === true;
  const isValue = (word = '-'): boolean => !word.startsWith('-');
  const joined = before.flatMap((word, index) => {
    if (isValue(word) && isOptional(before[index - 1])) return [];
    return isOptional(word) ? [`${word}=${isValue(before[index + 1]) ? before[index + 1] : ''}`] : [word];
  });
  return [...joined, ...behind];
}

function flagsOf(values: ReadonlyMap<string, readonly string[]>): Flags {
  return { has: (name) => values.has(name), text: (name) => values.get(name)?.at(-1), list: (name) => values.get(name) ?? [] };
}

function checkArguments(name: CommandName, { arguments: expected }: CommandSpec, given: readonly string[]): void {
  if (given.length >= expected.min && given.length <= expected.max) return;
  const usage = `koubou ${name}${expected.usage === '' ? '' : ` ${expected.usage}`}`;
  throw invalid(`${given.length < expected.min ? 'Something is missing' : 'That is one argument too many'}: ${usage}. \`koubou ${name} --help\` tells more.`);
}

function unknownFlag(name: CommandName, flag: string, known: readonly string[]): AppError {
  const meant = nearestWord(flag.replace(/^-+/, ''), known);
  const hint = meant === undefined ? `\`koubou ${name} --help\` lists them.` : `Did you mean --${meant}?`;
  return new AppError('InvalidInput', 'INPUT_UNKNOWN_FLAG', `koubou ${name} has no flag ${visible(flag)}. ${hint}`);
}

function unknownCommand(word: string): AppError {
  const meant = nearestWord(word, commandNames);
  const hint = meant === undefined ? '`koubou --help` lists them.' : `Did you mean ${meant}?`;
  return new AppError('InvalidInput', 'INPUT_UNKNOWN_COMMAND', `There is no command ${visible(word)}. ${hint}`);
}

function visible(word: string): string {
  return JSON.stringify(word.slice(0, 80)).slice(1, -1);
}

function invalid(message: string): AppError {
  return new AppError('InvalidInput', 'INPUT_INVALID', message);
}
