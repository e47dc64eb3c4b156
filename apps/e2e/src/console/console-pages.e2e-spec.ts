import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { DESKTOP, describeInBrowser, openTab, PHONE, type Tab, WIDE } from './browser';
import { openConsole, type ConsoleInstallation } from './console-installation';
import { LIBRARY } from './console-library';
import { DEPLOY, PLACES } from './console-places';
import { fillConsole } from './fill-console';

/** `SCREENSHOTS=docs/screenshots npm test -- console-pages` makes those of the README anew. */
const SCREENSHOTS = process.env['SCREENSHOTS'];
const FIRST_LOAD_BYTES = 300_000;
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

describeInBrowser('every page of the console', () => {
  let recert: ConsoleInstallation;
  let browser: Browser;
  let tab: Tab;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ recert, browser, tab, close } = await openConsole(LIBRARY, fillConsole));
  }, 60_000);
  afterAll(() => close());
  beforeEach(() => tab.faults.splice(0));

  async function open(path: string, title: string, viewport = DESKTOP): Promise<Page> {
    await tab.page.setViewportSize(viewport);
    await tab.page.goto(recert.url + path);
    await tab.page.getByRole('heading', { level: 1, name: title }).waitFor();
    await tab.page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
    return tab.page;
  }

  it.each(PLACES)('%s has no fault and runs over at no width', async (path, title) => {
    for (const viewport of [PHONE, ...[768, 1100, 1200].map((width) => ({ width, height: 800 })), DESKTOP, WIDE]) {
      const page = await open(path, title, viewport);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect([viewport.width, over]).toEqual([viewport.width, Math.min(over, 0)]);
    }
    expect(tab.faults).toEqual([]);
  });

  it.each(PLACES)('%s has no serious barrier', async (path, title) => {
    const page = await open(path, title);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      // The page's own policy lets no foreign script in: it comes by the debugger.
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: { run(): Promise<AxeReport> } }).axe.run();
        return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(found.filter((one) => /^(serious|critical)/.test(one))).toEqual([]);
    }
  });

  it('is as the README shows it', async () => {
    const shown = { processes: '/processes', process: DEPLOY, product: '/products/lugha', alerts: '/alerts' };
    await tab.page.emulateMedia({ colorScheme: 'light' });
    for (const [name, path] of Object.entries(shown)) {
      await open(path, PLACES.find(([one]) => one === path)![1], { width: 1200, height: 760 });
      // Charts and flowcharts are drawn when they are there.
      await tab.page.waitForLoadState('networkidle');
      const image = await tab.page.screenshot();
      expect(image.length).toBeGreaterThan(10_000);
      if (SCREENSHOTS !== undefined) writeFileSync(join(SCREENSHOTS, `${name}.png`), image);
    }
  });

  it('loads less than 300 kB for the first page', async () => {
    const { context, page } = await openTab(browser);
    await context.addCookies(await tab.context.cookies());
    let bytes = 0;
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(`${recert.url}/processes`);
    await page.getByRole('link', { name: 'deploy product releases', exact: true }).waitFor();
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES);
    await context.close();
  });

  it('is shown to nobody who is not logged in', async () => {
    const { context, page } = await openTab(browser);
    await page.goto(`${recert.url}/people`);
    await page.getByText('/login', { exact: true }).waitFor();
    expect(page.url()).toBe(`${recert.url}/login`);
    await context.close();
  });
});

interface AxeReport {
  readonly violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
}
