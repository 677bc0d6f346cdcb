import { describe, expect, test } from 'vitest';
import { analyze, type AnalysisInput } from '#reviewers/analyze.ts';
import type { EngineDocument, EngineOutput, RawFinding } from '#reviewers/engines/engine.ts';
import type { EnginePool } from '#reviewers/engines/pool.ts';
import { createStaticReviewer } from '#reviewers/static-reviewer.ts';
import { engineOf, inProcessPool } from './support/in-process-pool.ts';

const input: AnalysisInput = { name: 'src/a.py', language: 'python', kind: 'code', text: 'x = 1\ny = 2\n' };
const context = { signal: new AbortController().signal, timeoutMs: 10_000 };

function raw(ruleId: string, more: Partial<RawFinding> = {}): RawFinding {
  return { ruleId, category: 'logic', severity: 'low', confidence: 0.9, message: 'M.', start: 0, end: 1, ...more };
}

const quiet: EngineOutput = { findings: [], parses: true };

describe('an analysis', () => {
  test('gathers what all engines say', async () => {
    const metrics = { linesOfCode: 400, complexityScore: 3, maintainabilityIndex: 50 };
    const pool = inProcessPool([
      engineOf('one', () => ({ findings: [raw('one/a')], parses: true })),
      engineOf('two', () => ({ findings: [raw('two/b', { start: 6, end: 7 })], parses: null, metrics, lost: ['def z'] }), { python: ['logic'] }),
      engineOf('other', () => quiet, { css: ['syntax'] }),
    ]);
    const analysis = await analyze(pool, input, context);
    expect({ ...analysis, findings: analysis.findings.map(({ finding }) => [finding.ruleId, finding.place.path, finding.place.line]) }).toEqual({
      findings: [
        ['one/a', 'src/a.py', 1],
        ['two/b', 'src/a.py', 2],
      ],
      engines: [
        { id: 'one', version: '1', categories: ['syntax', 'logic'], durationMs: 1 },
        { id: 'two', version: '1', categories: ['logic'], durationMs: 1 },
      ],
      parses: true,
      sizeFactor: 2,
      metrics,
      lost: ['def z'],
    });
  });

  test('goes on when an engine fails, and says so', async () => {
    const failing = engineOf('one', () => {
      throw new RangeError('deep');
    });
    const pool = inProcessPool([failing, engineOf('two', () => ({ findings: [raw('two/b')], parses: true }))]);
    const { engines, findings, parses } = await analyze(pool, input, context);
    expect({ engines, parses, count: findings.length }).toEqual({
      engines: [
        { id: 'one', version: '1', categories: ['syntax', 'logic'], durationMs: 1, error: 'It crashed (RangeError).' },
        { id: 'two', version: '1', categories: ['syntax', 'logic'], durationMs: 1 },
      ],
      parses: true,
      count: 1,
    });
  });

  test('takes the verdict of the more exact parser, the later one, and doubts the other', async () => {
    const parseError = raw('biome/parse', { category: 'syntax', severity: 'critical', meaning: 'parse' });
    const biome = engineOf('biome', () => ({ findings: [parseError], parses: false }));
    const both = await analyze(inProcessPool([biome, engineOf('typescript', () => quiet)]), input, context);
    expect([both.parses, both.findings[0]!.finding.severity, both.findings[0]!.finding.confidence]).toEqual([true, 'medium', 0.5]);
    const alone = await analyze(inProcessPool([biome]), input, context);
    expect([alone.parses, alone.findings[0]!.finding.severity]).toEqual([false, 'critical']);
  });

  test('knows no verdict where nobody parsed, and no engine where there is no word', async () => {
    const pool = inProcessPool([engineOf('one', () => ({ findings: [], parses: null }))]);
    expect(await analyze(pool, input, context)).toMatchObject({ parses: null, metrics: null });
    expect(await analyze(pool, { ...input, text: '' }, context)).toEqual({ findings: [], engines: [], parses: null, sizeFactor: 1, metrics: null, lost: [] });
  });

  test('shows engines the previous revision only where there is one', async () => {
    const seen: EngineDocument[] = [];
    const pool = inProcessPool([engineOf('one', (document) => (seen.push(document), quiet))]);
    await analyze(pool, input, context);
    await analyze(pool, { ...input, previousText: 'x = 0\n' }, context);
    const document = { name: 'src/a.py', language: 'python', text: input.text, depth: 'full' };
    expect(seen).toEqual([document, { ...document, previousText: 'x = 0\n' }]);
  });

  test('gives an engine what is left of the time but a reserve for those after it, and for what comes after the engines', async () => {
    const given: number[] = [];
    const pool: EnginePool = {
      engines: ['one', 'two', 'three'].map((id) => engineOf(id, () => quiet)),
      run: async (_call, { timeoutMs }) => {
        given.push(timeoutMs);
        return { error: 'It overran its time.', durationMs: timeoutMs };
      },
      close: () => Promise.resolve(),
    };
    await analyze(pool, input, { ...context, timeoutMs: 10_000 });
    await analyze(pool, input, { ...context, timeoutMs: 1_000 });
    expect(given).toEqual([5_500, 1_500, 1_500, 425, 212.5, 212.5]);
  });

  test('ends with the reason of its caller', async () => {
    const pool = inProcessPool([engineOf('one', () => quiet)]);
    await expect(analyze(pool, input, { ...context, signal: AbortSignal.abort(new Error('cancelled')) })).rejects.toThrow('cancelled');
  });
});

describe('the static reviewer', () => {
  test('hands out findings without their edits, and names its rules and engines', async () => {
    const edits = [{ start: 0, end: 1, text: 'z' }];
    const reviewer = createStaticReviewer(inProcessPool([engineOf('one', () => ({ findings: [raw('one/a', { edits })], parses: true }))]));
    const { id, version, queue, asksModel } = reviewer;
    expect({ id, version, queue, asksModel }).toEqual({ id: 'static', version: 'rules 1, one 1', queue: 'analysis', asksModel: false });
    const result = await reviewer.review({ ...input, requested: ['logic'] }, context);
    expect(Object.keys(result).toSorted()).toEqual(['engines', 'findings', 'lost', 'metrics', 'parses', 'sizeFactor']);
    expect(result.findings).toMatchObject([{ ruleId: 'one/a', fixable: true }]);
    expect(result.findings[0]).not.toHaveProperty('edits');
  });
});
