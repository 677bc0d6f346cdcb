import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { installedAgent } from '../../support/agents.ts';
import { makeCommand, type Command } from '../../support/command.ts';
import { startFakeModel, type FakeModel } from '../../support/fake-model/fake-model.ts';
import type { Asked, Reply } from '../../support/fake-model/script.ts';

type WireReport = SnakeKeys<Report>;

const spec = readFileSync(new URL('../../../examples/spec.ja.md', import.meta.url), 'utf8');
const vague = '- 登録の応答は十分に速いこと。';
const exact = '- 登録の応答は、95 % の要求で 200 ミリ秒以内とする。';
const opened = '- データベースが止まったときの登録の扱いは、後で決める。';
const settled = '- データベースが止まったときは、登録を 503 で断り、送り手が再送する。';
const categories = ['syntax', 'logic', 'performance', 'security'];

/** A careful judge: finds what is vague, quotes it, and praises what is good with a quotation. */
function judge({ body }: Asked): Reply {
  const nonce = /nonce: the word ([0-9a-f]{16})/.exec(body)?.[1] ?? '';
  const faults = [
    { quote: opened.slice(2), category: 'logic', severity: 'high', message: '登録の扱いが決まっていない。', suggestion: '決めて書く。' },
    { quote: vague.slice(2), category: 'performance', severity: 'medium', message: '数値がなく確かめられない。', suggestion: '数値で書く。' },
  ].filter(({ quote }) => body.includes(quote)).map((fault) => ({ line: 1, ...fault }));
  const score = faults.length === 0 ? 9 : 6;
  return {
    json: {
      nonce, findings: faults, criteria: Object.fromEntries(categories.map((name) => [name, { score, reason: '本文による。' }])),
      strengths: ['"同じ番号を返す" と明確に書いている。'], weaknesses: [], recommendations: ['数値で書く。'], technical_notes: '', conclusion: faults.length === 0 ? '実装できる。' : 'まだ実装できない。', rationale: '本文による。', score, ready: faults.length === 0,
    },
  };
}

/** Writes one edit for each of the two lines that is still there. */
function improve({ body }: Asked): Reply {
  const blocks = [[opened, settled], [vague, exact]].filter(([before]) => body.includes(before!)).map(([before, after]) => `Change: 具体的に書く\n<<<<<<< SEARCH\n${before}\n=======\n${after}\n>>>>>>> REPLACE`);
  return { text: blocks.length === 0 ? 'NOTHING TO IMPROVE' : blocks.join('\n\n') };
}

let koubou: Command;
let model: FakeModel;

beforeAll(async () => {
  model = await startFakeModel({ script: (asked) => (asked.body.includes('SEARCH') ? improve(asked) : judge(asked)) });
  const llm = {
    providers: { local: { base_url: `${model.url}/v1` }, ...(installedAgent('codex') === null ? {} : { codex: { executable: installedAgent('codex') }, claude: { executable: installedAgent('claude') } }) },
    models: { local: { provider: 'local', model: 'fake' }, dear: { provider: 'local', model: 'unpriced' } },
    prices: { fake: { input_per_million_usd: 1_000, output_per_million_usd: 5_000 } },
  };
  koubou = makeCommand({
    KOUBOU_TEMPORAL: inject('temporalPath'), CODEX_API_KEY: 'sk-test-not-a-key-1', OPENAI_BASE_URL: `${model.url}/v1`, ANTHROPIC_API_KEY: 'sk-test-not-a-key-2', ANTHROPIC_BASE_URL: model.url,
    HTTPS_PROXY: model.url, HTTP_PROXY: model.url, NO_PROXY: '127.0.0.1', KOUBOU_LLM_PROVIDERS: JSON.stringify(llm.providers), KOUBOU_LLM_MODELS: JSON.stringify(llm.models), KOUBOU_LLM_PRICES: JSON.stringify(llm.prices),
  });
  koubou.write('spec.ja.md', spec);
});

afterAll(async () => {
  await koubou.dispose();
  await model.close();
});

const improvedSpec = spec.replace(vague, exact).replace(opened, settled);

describe('a document that models review and improve', () => {
  test('reaches its target over HTTP, with what it cost and the words of the judge', async () => {
    koubou.write('http.ja.md', spec);
    const report = await koubou.json<WireReport>(['review', 'http.ja.md', '--reviewer', 'local', '--improver', 'local', '--write']);
    expect(report).toMatchObject({
      code: 0, outcome: 'target_reached', ready: true, saved: { path: 'http.ja.md' }, evaluation: { conclusion: '実装できる。', model_score: 9, model_ready: true },
      usage: { input_tokens: 300, output_tokens: 60, cost_usd: 0.6 }, fixed: [{ rule_id: 'local/logic-high', place: { line: 53 } }, { rule_id: 'local/performance-medium' }],
    });
    expect(koubou.read('http.ja.md')).toBe(improvedSpec);
  });

  test.skipIf(installedAgent('codex') === null || installedAgent('claude') === null)('reaches its target by the real codex as judge and the real claude as writer', async () => {
    const report = await koubou.json<WireReport>(['review', 'spec.ja.md', '--reviewer', 'codex', '--improver', 'claude', '--write']);
    expect(report).toMatchObject({ code: 0, outcome: 'target_reached', reviewers: [{ id: 'codex' }], saved: { path: 'spec.ja.md' } });
    expect(koubou.read('spec.ja.md')).toBe(improvedSpec);
  });

  test('is judged once by koubou evaluate', async () => {
    koubou.write('once.ja.md', spec);
    const { code, stdout } = await koubou.run(['evaluate', 'once.ja.md', '--reviewer', 'local']);
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { ready_for_implementation: false, target_score: 8, conclusion: 'まだ実装できない。', blockers: ['high, line 53: 登録の扱いが決まっていない。'], model_score: 6, model_ready: false, reviewer: 'local' }]);
  });

  test('costs nothing the second time that the same is asked', async () => {
    koubou.write('again.ja.md', spec);
    const first = await koubou.json<WireReport>(['review', 'again.ja.md', '--reviewer', 'local', '--no-improve']);
    const second = await koubou.json<WireReport>(['review', 'again.ja.md', '--reviewer', 'local', '--no-improve']);
    expect([first.usage.cost_usd > 0, second.usage.cost_usd, first.final_score === second.final_score]).toEqual([true, 0, true]);
  });
});

describe('the project of a document', () => {
  const question = (): string => model.requests.at(-1)!.body;

  test('is shown to the judge, of a file and of a text on standard input, and the result lists it', async () => {
    koubou.write('shop/src/order.ts', 'export const unmistakable = 1;\n');
    koubou.write('shop/plan.md', `${spec}\nSee src/order.ts.\n`);
    const wanted = { project: 'shop', files: [{ path: 'src/order.ts', bytes: 31 }], listed: 1, total: 1, left_out: [] };
    const evaluated = await koubou.run(['evaluate', 'shop/plan.md', '--project-path', 'shop', '--reviewer', 'local']);
    expect([JSON.parse(evaluated.stdout), question().includes('unmistakable')]).toMatchObject([{ context: wanted }, true]);
    const typed = await koubou.run(['evaluate', '-', '--project-path', '../shop', '--reviewer', 'local'], { input: spec.replace('#', '# src/order.ts:'), cwd: koubou.write('elsewhere/x.txt', '').replace(/\/x\.txt$/, '') });
    expect(JSON.parse(typed.stdout)).toMatchObject({ context: { ...wanted, project: '.', listed: 2, total: 2, files: [{ path: 'src/order.ts', bytes: 31 }] } });
    const report = await koubou.json<WireReport>(['review', 'shop/plan.md', '--project-path', 'shop', '--reviewer', 'local', '--no-improve']);
    expect(report.context).toEqual(wanted);
  });

  test.each([
    ['is no folder', ['evaluate', 'http.ja.md', '--project-path', 'nowhere'], 'NOT_FOUND'],
    ['lies outside the root', ['review', 'http.ja.md', '--project-path', '..'], 'PATH_TRAVERSAL'],
  ])('that %s is told', async (_what, words, errorCode) => {
    koubou.write('http.ja.md', spec);
    expect(await koubou.json(words)).toMatchObject({ code: 2, error: { code: errorCode } });
  });
});

describe('what cannot be asked or kept', () => {
  test.each([
    ['a budget for a model without a price', ['--reviewer', 'dear', '--budget-usd', '1'], 'PRICE_UNKNOWN'],
    ['a vendor without a model', ['--reviewer', 'openai'], 'PROVIDER_NO_MODEL'],
    ['a reviewer that is not there', ['--reviewer', 'nobody'], 'REVIEWER_UNKNOWN'],
  ])('is told: %s', async (_what, flags, errorCode) => {
    koubou.write('plain.md', '# A text\n');
    expect(await koubou.json(['review', 'plain.md', ...flags])).toMatchObject({ code: 2, error: { code: errorCode } });
  });
});
