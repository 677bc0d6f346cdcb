import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Finding } from '#domain/finding.ts';
import type { EngineDocument, EngineOutput, RawFinding } from '#reviewers/engines/engine.ts';
import type { EnginePool } from '#reviewers/engines/pool.ts';
import { createRuffEngine } from '#reviewers/engines/ruff.ts';
import type { ImproveInput } from '#reviewers/reviewer.ts';
import { createStaticImprover } from '#reviewers/static-improver.ts';
import { createStaticReviewer } from '#reviewers/static-reviewer.ts';
import { engineOf, inProcessPool } from './support/in-process-pool.ts';

/** Reads a made-up language: 'a -> b' is a fault of rule a whose edit makes the line b; other lines are what they say. */
function readLines({ text }: EngineDocument): EngineOutput {
  if (/^crash$/m.test(text)) throw new RangeError('too deep');
  const findings: RawFinding[] = [];
  for (const match of text.matchAll(/^(?<rule>\w+) -> (?<rest>.*)$/gm)) {
    const start = match.index;
    const end = start + match[0].length;
    const severity = match.groups!['rule']!.startsWith('high') ? 'high' : 'low';
    const category = match.groups!['rule']!.startsWith('style') ? 'style' : 'logic';
    findings.push({ ruleId: `lines/${match.groups!['rule']}`, category, severity, confidence: 0.9, message: 'A fault.', start, end, edits: [{ start, end, text: match.groups!['rest']! }] });
  }
  for (const { index } of text.matchAll(/^worse$/gm)) findings.push({ ruleId: 'lines/worse', category: 'logic', severity: 'medium', confidence: 0.9, message: 'Worse.', start: index, end: index });
  return { findings, parses: !/^broken$/m.test(text), lost: /^lost$/m.test(text) ? ['def gone'] : [] };
}

const pool = inProcessPool([engineOf('lines', readLines)]);
const context = { signal: new AbortController().signal, timeoutMs: 10_000 };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function findingsOf(text: string, from: EnginePool = pool): Promise<readonly Finding[]> {
  const { findings } = await createStaticReviewer(from).review({ name: 'a.py', language: 'python', kind: 'code', text, requested: [] }, context);
  return findings;
}

async function improve(text: string, more: Partial<ImproveInput> = {}, from: EnginePool = pool) {
  const input = { name: 'a.py', language: 'python', kind: 'code', text, requested: [], findings: await findingsOf(text, from), refused: [], ...more } as const;
  return createStaticImprover(from).improve(input, context);
}

describe('the static improver', () => {
  test('applies every safe edit and says what it did', async () => {
    expect(await improve('a -> 1\nhighb -> 2\na -> 3\nstyle -> 4\n')).toEqual({
      text: '1\n2\n3\n4\n',
      changes: ['lines/highb: A fault', 'lines/a: A fault (2×)', 'lines/style: A fault'],
    });
  });

  test('goes on with what a fix uncovers, five rounds at most', async () => {
    expect((await improve('a -> b -> c -> done\n')).text).toBe('done\n');
    expect((await improve('a -> b -> c -> d -> e -> f -> g -> done\n')).text).toBe('f -> g -> done\n');
  });

  test('can do nothing where no finding has an edit', async () => {
    expect(await improve('fine\nworse\n')).toEqual({ text: null, changes: [] });
  });

  test.each([
    ['breaks the syntax', 'broken'],
    ['brings a finding of medium severity or more', 'worse'],
    ['loses what others use', 'lost'],
    ['makes an engine fail', 'crash'],
  ])('leaves out an edit that %s, and keeps the others', async (_what, result) => {
    const good = ['a -> 1', 'b -> 2', 'c -> 3', 'd -> 4', 'e -> 5'];
    expect(await improve([...good.slice(0, 3), `x -> ${result}`, ...good.slice(3)].join('\n'))).toEqual({
      text: ['1', '2', '3', `x -> ${result}`, '4', '5'].join('\n'),
      changes: ['a', 'b', 'c', 'd', 'e'].map((rule) => `lines/${rule}: A fault`),
    });
  });

  test('does not give up a good text for a bad neighbour: several bad edits among many', async () => {
    const lines = Array.from({ length: 16 }, (_, index) => (index % 5 === 2 ? `x${index} -> worse` : `a${index} -> ${index}`));
    const { text } = await improve(lines.join('\n'));
    expect(text?.split('\n')).toEqual(lines.map((line, index) => (index % 5 === 2 ? line : String(index))));
  });

  test('leaves the end of the last line as it was', async () => {
    const cutting = engineOf('cutting', ({ text }) => ({
      findings: text.endsWith('\n') ? [{ ruleId: 'cutting/end', category: 'style', severity: 'info', confidence: 1, message: 'M.', start: 0, end: 0, edits: [{ start: text.length - 1, end: text.length, text: '' }] }] : [],
      parses: true,
    }));
    expect(await improve('x\n', {}, inProcessPool([cutting]))).toEqual({ text: null, changes: [] });
  });

  test('keeps its hands off findings it was not given', async () => {
    const text = 'a -> 1\nb -> 2\n';
    const [first] = await findingsOf(text);
    expect((await improve(text, { findings: [first!] })).text).toBe('1\nb -> 2\n');
    expect((await improve(text, { findings: [] })).text).toBeNull();
  });

  test('never hands out a text that was refused, but ever smaller parts of it, always the same', async () => {
    const text = 'a -> 1\nb -> 2\nc -> 3\nstyle -> 4\n';
    const seen: string[] = [];
    for (;;) {
      const refused = seen.map((before) => ({ sha256: sha256(before), because: 'It lowers the score.' }));
      const next = await improve(text, { refused });
      if (next.text === null) break;
      seen.push(next.text);
    }
    expect(seen.map((each) => each.trimEnd().split('\n'))).toEqual([
      ['1', '2', '3', '4'],
      ['1', '2', '3', 'style -> 4'],
      ['1', '2', 'c -> 3', 'style -> 4'],
      ['a -> 1', 'b -> 2', '3', '4'],
      ['1', 'b -> 2', 'c -> 3', 'style -> 4'],
      ['a -> 1', '2', 'c -> 3', 'style -> 4'],
      ['a -> 1', 'b -> 2', '3', 'style -> 4'],
      ['a -> 1', 'b -> 2', 'c -> 3', '4'],
    ]);
  });

  test('ends with the reason of its caller', async () => {
    const input = { name: 'a.py', language: 'python', kind: 'code', text: 'a -> 1\n', requested: [], findings: [], refused: [] } as const;
    await expect(createStaticImprover(pool).improve(input, { ...context, signal: AbortSignal.abort(new Error('cancelled')) })).rejects.toThrow('cancelled');
  });

  test('stops in time with what it has', async () => {
    const slow = engineOf('lines', async (document) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return readLines(document);
    });
    const text = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? `a${index} -> ${index}` : `b${index} -> worse`)).join('\n');
    const input = { name: 'a.py', language: 'python', kind: 'code', text, requested: [], findings: await findingsOf(text), refused: [] } as const;
    const startedAt = performance.now();
    const { text: improved } = await createStaticImprover(inProcessPool([slow])).improve(input, { ...context, timeoutMs: 1_000 });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(improved ?? '').not.toMatch(/^worse$/m);
  });

  test('begins no analysis that takes longer than there is time', async () => {
    let asked = 0;
    const slow = engineOf('lines', async (document) => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 450));
      return readLines(document);
    });
    const input = { name: 'a.py', language: 'python', kind: 'code', text: 'a -> b -> c -> d\n', requested: [], findings: await findingsOf('a -> b -> c -> d\n'), refused: [] } as const;
    const { text } = await createStaticImprover(inProcessPool([slow])).improve(input, { ...context, timeoutMs: 1_500 });
    expect([text, asked]).toEqual(['b -> c -> d\n', 2]);
  });

  test('says which engines it goes by', () => {
    const { id, version, queue, asksModel } = createStaticImprover(pool);
    expect({ id, version, queue, asksModel }).toEqual({ id: 'static', version: 'rules 1, lines 1', queue: 'analysis', asksModel: false });
  });
});

describe('the static improver with a real engine', () => {
  const ruff = createRuffEngine();
  const withRuff = inProcessPool([engineOf('ruff', (document) => ruff.analyze(document))]);

  test('repairs Python', async () => {
    const text = 'import os\nimport sys\n\n\ndef f(kind, seen=[]):\n    """Do."""\n    if kind is "a":\n        raise NotImplemented\n    if not kind in seen:\n        seen.append(f"x")\n    return sys.argv\n';
    expect(await improve(text, {}, withRuff)).toEqual({
      text: 'import sys\n\n\ndef f(kind, seen=[]):\n    """Do."""\n    if kind == "a":\n        raise NotImplementedError\n    if kind not in seen:\n        seen.append("x")\n    return sys.argv\n',
      changes: [
        'ruff/F632: Replace `is` with `==`',
        'ruff/F901: Use `raise NotImplementedError`',
        'ruff/F401: Remove unused import: `os`',
        'ruff/F541: Remove extraneous `f` prefix',
        'ruff/E713: Convert to `not in`',
      ],
    });
  });

  test('calls a finding fixable exactly when it has an edit for it', async () => {
    const text = 'import os\nx = 1\ny = x == None\n';
    const findings = await findingsOf(text, withRuff);
    expect(findings.map(({ ruleId, fixable }) => [ruleId, fixable])).toEqual([
      ['ruff/F401', true],
      ['ruff/E711', false],
    ]);
  });
});
