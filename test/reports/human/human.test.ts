import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { renderHuman } from '#reports/human/human.ts';
import { displayWidth } from '#reports/width.ts';
import { edgeReports, manyFindingsReport, reviewOnlyReport, savedReport } from '#test/fixtures/reports/edges.ts';
import { hostileReport, reportAttacks } from '#test/fixtures/reports/hostile.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

const links = { webUi: 'http://127.0.0.1:8233/namespaces/default/workflows/review-5b1f0c9a7e3d2468ace0' };

describe('report for a terminal', () => {
  test.each(Object.keys(edgeReports))('of %s is exactly this', async (name) => {
    await expect(renderHuman(edgeReports[name]!, { width: 110, links })).toMatchFileSnapshot(`../snapshots/human-${name}.txt`);
  });

  test('in colour is exactly this', async () => {
    const shown = renderHuman(sampleReport, { width: 110, color: true, links }).replaceAll('\u001B', '␛');
    await expect(shown).toMatchFileSnapshot('../snapshots/human-sample-colour.txt');
  });

  test('in ASCII is exactly this', async () => {
    const shown = renderHuman({ ...reviewOnlyReport, fixed: sampleReport.fixed, iterations: sampleReport.iterations }, { width: 80, unicode: false });
    await expect(shown).toMatchFileSnapshot('../snapshots/human-ascii.txt');
    expect(shown).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('says who stepped in for a reviewer', () => {
    const [reviewer] = sampleReport.reviewers;
    const shown = renderHuman({ ...sampleReport, reviewers: [{ ...reviewer!, id: 'calm', insteadOf: ['busy\nX'] }] });
    expect(shown).toContain('\n  calm stepped in for busy X, which could not be reached or read.\n');
  });

  test('says the same with and without colour', () => {
    for (const report of Object.values(edgeReports)) {
      expect(stripVTControlCharacters(renderHuman(report, { width: 100, color: true }))).toBe(renderHuman(report, { width: 100 }));
    }
  });

  test('cuts messages to the terminal, never places; without a terminal nothing is cut', () => {
    const finding = { ...sampleReport.findings[0]!, message: 'long '.repeat(80).trim() };
    const report = { ...sampleReport, findings: [finding], findingCount: 1 };
    const lineOf = (text: string): string => text.split('\n').find((line) => line.includes('checkout.ts:11'))!;
    const cut = lineOf(renderHuman(report, { width: 100 }));
    expect([displayWidth(cut) <= 100, cut.endsWith('…'), cut.includes('examples/checkout.ts:11:48')]).toEqual([true, true, true]);
    expect(lineOf(renderHuman(report))).toContain(finding.message);
  });

  test('shows the worst 15 of a thousand findings and says how many more there are', () => {
    const lines = renderHuman(manyFindingsReport, { width: 100 }).split('\n');
    const first = lines.indexOf('Remaining 1,000 findings');
    expect(lines.slice(first + 1, first + 16).every((line) => line.startsWith('  critical  src/many.ts:'))).toBe(true);
    expect(lines[first + 16]).toBe('  and 985 more findings');
  });

  test('says beside the score and in a line of its own what was left out, also where nothing else remains', () => {
    const leftOut = { ...sampleReport, finalScore: 100, findingCount: 0, findings: sampleReport.findings.map((finding) => ({ ...finding, suppressed: 'below_min_severity' as const })) };
    const lines = renderHuman(leftOut).split('\n');
    expect([lines[0]!.endsWith('100 (target 85, 3 findings left out)'), lines.filter((line) => line.includes('below'))]).toEqual([true, ['  3 findings are left out (3 below the least severity asked for)']]);
  });

  test('says what can be done next', () => {
    const ending = (report: typeof sampleReport): string => renderHuman(report, { command: 'npm start --' }).split('\n').find((line) => line.startsWith('Result'))!;
    const id = sampleReport.runId;
    const { path: _path, ...nameOnly } = sampleReport.artifact;
    expect([
      ending(sampleReport),
      ending(savedReport),
      ending({ ...savedReport, commit: { id: 'abc', branch: null } }),
      ending({ ...savedReport, commit: null }),
      ending(reviewOnlyReport),
      ending({ ...reviewOnlyReport, artifact: { ...reviewOnlyReport.artifact, isNew: true } }),
      ending({ ...sampleReport, artifact: nameOnly }),
      ending({ ...sampleReport, outcome: 'rejected' }),
      ending({ ...sampleReport, state: 'parked', outcome: null }),
      ending({ ...sampleReport, state: 'waiting_for_decision', outcome: null }),
      ending({ ...sampleReport, state: 'paused', outcome: null }),
      ending({ ...sampleReport, state: 'reviewing', outcome: null }),
    ]).toEqual([
      `Result  Nothing was written. To save it: npm start -- apply ${id} [--commit]`,
      'Result  Saved examples/checkout.ts and committed 4c1d8e0b7a6f on main',
      'Result  Saved examples/checkout.ts and committed abc on a detached HEAD',
      'Result  Saved examples/checkout.ts',
      'Result  Nothing was changed.',
      `Result  Nothing was written. To save it: npm start -- apply ${id} [--commit]`,
      `Result  The improved text: npm start -- result ${id} --text`,
      `Result  Nothing was written. The rejected text: npm start -- result ${id} --text`,
      `Result  Waiting. To go on: npm start -- decide ${id} retry|skip|abort`,
      `Result  Waiting. To go on: npm start -- decide ${id} approve|reject|abort`,
      `Result  Waiting. To go on: npm start -- decide ${id} continue|abort`,
      `Result  Not finished yet. To wait for it: npm start -- wait ${id}`,
    ]);
  });

  test('shows a lost score as lost', () => {
    const worse = { ...reviewOnlyReport, finalScore: 40, iterations: sampleReport.iterations };
    expect(renderHuman(worse)).toContain('overall      ████████▒▒▒▒░░░░░░░░   59 →    40  −19');
  });

  test('has nothing in it that a terminal obeys or that turns text around', () => {
    const attacks = ['\u001B[2J\u001B[1;1H', '\u001B]8;;http://attacker.invalid\u0007x\u001B]8;;\u0007', '\u009B31m', 'a\u202Edm.exe', '\r\nfaked line', '\u0000', ...reportAttacks().map((row) => row.input)];
    for (const attack of attacks) {
      const { report } = hostileReport(attack);
      const shown = renderHuman(report, { links: { webUi: attack } });
      expect(shown).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
      expect(shown.split('\n').some((line) => line.startsWith('faked'))).toBe(false);
    }
    expect(renderHuman(hostileReport('\u001B[2J').report)).toContain('\\u{1B}[2J');
  });
});
