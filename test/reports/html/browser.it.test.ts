import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '#reports/html/page.ts';
import { edgeReports } from '#test/fixtures/reports/edges.ts';
import { hostileReport, isShownInHtml, reportAttacks } from '#test/fixtures/reports/hostile.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';
import { findChromium, launchChromium } from '#test/reports/chromium.ts';

const title = findChromium() === undefined ? 'report in a browser (skipped: no Chromium; set CHROMIUM to its path)' : 'report in a browser';

describe.skipIf(findChromium() === undefined)(title, () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let content = '';
  /** What the open page did beside showing itself, and what of it reached the server. */
  let misdeeds: string[] = [];
  let arrived: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    server = createServer((request, response) => {
      const isReport = request.url === '/report.html';
      // The icon is what a browser asks for of its own accord.
      if (!isReport && request.url !== '/favicon.ico') arrived.push(request.url!);
      response.writeHead(isReport ? 200 : 404, { 'content-type': 'text/html' }).end(isReport ? content : '');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    page = await browser.newPage();
    page.on('dialog', (dialog) => {
      misdeeds.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => misdeeds.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
    page.on('popup', () => misdeeds.push('popup'));
    page.on('request', (request) => {
      if (request.url() !== address()) misdeeds.push(`request: ${request.url()}`);
    });
  });

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  function address(): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/report.html`;
  }

  async function open(html: string): Promise<void> {
    [content, misdeeds, arrived] = [html, [], []];
    await page.goto(address());
  }

  const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

  test.each(reportAttacks())('$id in every field does nothing, asks for nothing, and is seen', async ({ input }) => {
    const { report, texts } = hostileReport(input);
    await open(renderHtml(report));
    const shown = squeezed(await page.locator('body').innerText());
    await page.mouse.move(400, 300);
    await page.mouse.click(400, 300);
    const missing = [...texts].filter(([field, text]) => isShownInHtml(field) && !shown.includes(squeezed(text)));
    expect({ misdeeds, missing }).toEqual({ misdeeds: [], missing: [] });
  });

  test('a page without the guards would be caught', async () => {
    await open('<script>alert(1)</script><img src="/pixel.png"><style>@import "/x.css"</style><p onclick="x">');
    expect(misdeeds.map((misdeed) => misdeed.slice(0, 7))).toEqual(expect.arrayContaining(['dialog:', 'request']));
  });

  test('the policy alone stops script, style and requests that got into the page', async () => {
    const injected = '<script>alert(1)</script><img src=x onerror="alert(1)"><style>body{display:none}</style><p style="color:red">x</p><iframe srcdoc="<script>alert(1)</script>"></iframe>';
    await open(renderHtml(sampleReport).replace('</main>', `${injected}</main>`));
    const visible = await page.locator('h1').isVisible();
    expect(visible).toBe(true);
    expect(arrived).toEqual([]);
    expect(misdeeds.filter((misdeed) => !/^(?:console|request):/.test(misdeed))).toEqual([]);
    expect(misdeeds.length).toBeGreaterThan(2);
  });

  test.each([1_200, 768, 360])('nothing overflows a window of %i pixels, not even endless words and lines', async (width) => {
    const endless = `${'w'.repeat(600)} ${'文'.repeat(600)}`;
    await page.setViewportSize({ width, height: 800 });
    const { sample, failed, japanese, conflict } = edgeReports;
    for (const report of [hostileReport(endless).report, sample!, failed!, japanese!, conflict!]) {
      await open(renderHtml(report));
      const [content, window] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number];
      expect(content).toBeLessThanOrEqual(window);
    }
  });

  test.each(['light', 'dark'] as const)('text can be read in the %s scheme: contrast 4.5 and more', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await open(renderHtml(sampleReport));
    const pairs = await page.evaluate(textColours) as [string, string, string][];
    const weak = pairs.filter(([, ink, paper]) => contrast(ink, paper) < 4.5).map(([text]) => text);
    expect(pairs.length).toBeGreaterThan(100);
    expect(weak).toEqual([]);
  });

  test('it prints on A4 in light colours, also from a dark screen', async () => {
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    await open(renderHtml(sampleReport));
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(paper).toBe('rgb(255, 255, 255)');
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox\s*\[\s*0 0 59[45][.\d]* 84[12]/);
  });
});

/** Runs in the page: every text with its colour and the nearest background behind it, decoration left out. */
const textColours = `(() => {
  const paperOf = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const pairs = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.data.trim();
    if (text === '' || element.closest('title, desc, .number, .before, .arrow, .hash') !== null) continue;
    const style = getComputedStyle(element);
    pairs.push([text, element.closest('svg') === null ? style.color : style.fill, paperOf(element)]);
  }
  return pairs;
})()`;

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [...colour.matchAll(/[\d.]+/g)].map(([value]) => Number(value) / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
