import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { commandNames, commonFlags, specOf } from '#client/cli/command-table.ts';
import { parseCommandLine, typedSwitch } from '#client/cli/parse.ts';

function failure(...argv: string[]): { kind: string; code: string; message: string } {
  try {
    parseCommandLine(argv);
  } catch (error) {
    if (error instanceof AppError) return { kind: error.kind, code: error.code, message: error.message };
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('words after koubou', () => {
  test('are a command, its arguments and its flags in any order', () => {
    const { name, flags, arguments: paths } = parseCommandLine(['review', 'a.ts', '--target', '90', 'b.ts', '--write', '--max-iterations=2']);
    expect([name, paths, flags.text('target'), flags.text('max-iterations'), flags.has('write'), flags.has('commit')]).toEqual(['review', ['a.ts', 'b.ts'], '90', '2', true, false]);
  });

  test('may begin with flags that every command takes', () => {
    const { name, flags, arguments: rest } = parseCommandLine(['--json', '--address', 'h:1', 'status', 'abc']);
    expect([name, flags.has('json'), flags.text('address'), rest]).toEqual(['status', true, 'h:1', ['abc']]);
  });

  test('behind -- are arguments, whatever they look like', () => {
    expect(parseCommandLine(['review', '--', '--write']).arguments).toEqual(['--write']);
  });

  test('give a repeatable flag all its values and another its last one', () => {
    const { flags } = parseCommandLine(['review', 'a', '--reviewer', 'x', '--reviewer', 'y', '--target', '1', '--target', '2']);
    expect([flags.list('reviewer'), flags.text('target')]).toEqual([['x', 'y'], '2']);
  });

  test('may leave a negative-looking value to an equals sign', () => {
    expect(parseCommandLine(['decide', 'a', 'skip', '--note=-1 is wrong']).flags.text('note')).toBe('-1 is wrong');
  });
});

describe('--diff', () => {
  test.each([
    [['review', '--diff'], ''],
    [['review', '--diff', '--json'], ''],
    [['review', '--diff', 'main'], 'main'],
    [['review', '--diff=main', '--json'], 'main'],
    [['review', '--json', '--diff', 'v1..2', '--write'], 'v1..2'],
  ])('%j takes %j', (argv, base) => {
    const { flags, arguments: paths } = parseCommandLine(argv);
    expect([flags.has('diff'), flags.text('diff'), paths]).toEqual([true, base, []]);
  });

  test('does not take the name of a file behind --', () => {
    const { flags, arguments: paths } = parseCommandLine(['review', '--diff', '--', '--diff']);
    expect([flags.text('diff'), paths]).toEqual(['', ['--diff']]);
  });
});

describe('what is not understood', () => {
  test.each([
    [['reviw', 'a'], 'There is no command reviw. Did you mean review?'],
    [['stauts'], 'There is no command stauts. Did you mean status?'],
    [['frobnicate'], 'There is no command frobnicate. `koubou --help` lists them.'],
    [['--json'], 'A command is missing; `koubou --help` lists them.'],
    [['a\u001b[31m'], 'There is no command a\\u001b[31m. `koubou --help` lists them.'],
  ])('as a command: %j', (argv, message) => {
    expect(failure(...argv)).toEqual({ kind: 'InvalidInput', code: 'INPUT_UNKNOWN_COMMAND', message });
  });

  test.each([
    [['review', 'a', '--targte', '90'], 'koubou review has no flag --targte. Did you mean --target?'],
    [['review', 'a', '--max-iteration', '2'], 'koubou review has no flag --max-iteration. Did you mean --max-iterations?'],
    [['status', '--write'], 'koubou status has no flag --write. `koubou status --help` lists them.'],
    [['review', 'a', '-w'], 'koubou review has no flag -w. `koubou review --help` lists them.'],
    [['review', '--constructor'], 'koubou review has no flag --constructor. `koubou review --help` lists them.'],
  ])('as a flag: %j', (argv, message) => {
    expect(failure(...argv)).toEqual({ kind: 'InvalidInput', code: 'INPUT_UNKNOWN_FLAG', message });
  });

  test.each([
    [['review', 'a', '--target'], '--target needs a value: --target 0-100.'],
    [['review', 'a', '--target='], '--target needs a value: --target 0-100.'],
    [['review', 'a', '--target', '--write'], '--target needs a value: --target 0-100. One that begins with a dash is written --target=--write.'],
    [['review', 'a', '--write=yes'], '--write takes no value.'],
    [['wait'], 'Something is missing: koubou wait ID. `koubou wait --help` tells more.'],
    [['wait', 'a', 'b'], 'That is one argument too many: koubou wait ID. `koubou wait --help` tells more.'],
    [['list', 'a'], 'That is one argument too many: koubou list. `koubou list --help` tells more.'],
  ])('as a value or an argument: %j', (argv, message) => {
    expect(failure(...argv)).toEqual({ kind: 'InvalidInput', code: 'INPUT_INVALID', message });
  });
});

test('switches that must hold before anything was understood are seen as typed', () => {
  expect([typedSwitch(['x', '--json'], 'json'), typedSwitch(['x', '--', '--json'], 'json'), typedSwitch(['x', '--jsonx'], 'json')]).toEqual([true, false, false]);
});

test('no command redefines a flag that every command takes', () => {
  const shadowed = commandNames.flatMap((name) => Object.keys(specOf(name).flags).filter((flag) => flag in commonFlags));
  expect(shadowed).toEqual([]);
});
