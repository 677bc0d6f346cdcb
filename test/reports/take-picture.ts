import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launchChromium } from './chromium.ts';

// node test/reports/take-picture.ts REPORT.html PICTURE.png [--width 1200] [--height 1500] [--dark] [--pdf]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1200' },
    height: { type: 'string', default: '0' },
    dark: { type: 'boolean', default: false },
    pdf: { type: 'boolean', default: false },
  },
});
const [source, target] = positionals;
if (source === undefined || target === undefined) throw new TypeError('Name a report and the picture to make of it.');

const browser = await launchChromium();
try {
  const height = Number(values.height);
  const page = await browser.newPage({ colorScheme: values.dark ? 'dark' : 'light', viewport: { width: Number(values.width), height: height || 900 } });
  await page.goto(pathToFileURL(source).href);
  if (values.pdf) await page.pdf({ path: target, preferCSSPageSize: true });
  else await page.screenshot({ path: target, fullPage: height === 0 });
} finally {
  await browser.close();
}
