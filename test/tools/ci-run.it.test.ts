import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../.ci/run', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou ci '));
  cpSync(script, join(folder, '.ci/run'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Suite {
  readonly status: 'passed' | 'failed';
  readonly tests: readonly ('passed' | 'failed')[];
}

/** Runs .ci/run where `npm test` writes these results (as vitest does) and ends with this code. */
function ci(code: number, suites?: readonly Suite[]) {
  const results = suites && {
    numPassedTests: suites.flatMap((suite) => suite.tests).filter((status) => status === 'passed').length,
    numFailedTests: suites.flatMap((suite) => suite.tests).filter((status) => status === 'failed').length,
    testResults: suites.map((suite) => ({ status: suite.status, assertionResults: suite.tests.map((status) => ({ status })) })),
  };
  const program = `
    const { writeFileSync } = require('node:fs');
    const file = process.argv.find((word) => word.startsWith('--outputFile.json=')).split('=')[1];
    console.log('a line of the tests');
    if (${results !== undefined}) writeFileSync(file, ${JSON.stringify(JSON.stringify(results ?? null))});
    process.exit(${code});`;
  writeFileSync(join(folder, 'tests.cjs'), program);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { test: 'node tests.cjs' } }));
  const { status, stdout } = spawnSync('bash', [join(folder, '.ci/run')], { cwd: tmpdir(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return { status, last: stdout.trimEnd().split('\n').at(-1), streamed: stdout.includes('a line of the tests') };
}

const passing: Suite = { status: 'passed', tests: ['passed', 'passed'] };

describe('.ci/run', () => {
  test('closes with the counts and succeeds when all tests passed', () => {
    expect(ci(0, [passing, passing])).toEqual({ status: 0, last: '4 passed, 0 failed', streamed: true });
  });

  test('hands on the exit code of failed tests', () => {
    expect(ci(1, [passing, { status: 'failed', tests: ['passed', 'failed'] }])).toEqual({ status: 1, last: '3 passed, 1 failed', streamed: true });
  });

  test('counts a file that could not be loaded', () => {
    expect(ci(1, [passing, { status: 'failed', tests: [] }])).toEqual({ status: 1, last: '2 passed, 1 failed', streamed: true });
  });

  test('counts a type or lint error, which ends before any test, as one failure', () => {
    expect(ci(2)).toEqual({ status: 2, last: '0 passed, 1 failed', streamed: true });
  });

  test('counts an error outside the tests', () => {
    expect(ci(1, [passing])).toEqual({ status: 1, last: '2 passed, 1 failed', streamed: true });
  });

  test('fails when no test ran, whatever npm says', () => {
    expect(ci(0, [])).toEqual({ status: 1, last: '0 passed, 1 failed', streamed: true });
  });
});
