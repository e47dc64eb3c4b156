import { type Browser, type Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, logIn, openTab, type Tab } from './browser';
import { startConsole, type ConsoleInstallation } from './console-installation';
import { HOSTILE_LIBRARY, PAYLOADS } from './console-library';

describeInBrowser('what a hostile author writes', () => {
  let recert: ConsoleInstallation;
  let browser: Browser;
  let tab: Tab;
  let asked: string[];

  beforeAll(async () => {
    recert = await startConsole(HOSTILE_LIBRARY, null);
    await attackByHooks(recert);
    browser = await launchBrowser();
    tab = await openTab(browser);
    asked = [];
    tab.page.on('request', (request) => asked.push(request.url()));
    await logIn(tab, recert.adminLink);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await recert.stop();
  });

  /** Each payload as the name of a KPI, as its unit, and as the title of an alert. */
  async function attackByHooks({ doors, url }: ConsoleInstallation): Promise<void> {
    await doors.request('POST', '/api/people', { handle: 'mallory', name: PAYLOADS[0] }).catch(() => undefined);
    const body = { name: PAYLOADS[1], id: 'shop', owner: 'mallory' };
    const { token } = await doors.request<{ token: string }>('POST', '/api/products', body);
    const post = (path: string, sent: unknown): Promise<Response> =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(sent),
      });
    const kpis = PAYLOADS.map((name, value) => ({ name: name.slice(0, 100), value, unit: name.slice(0, 20) }));
    expect((await post('/hooks/kpi/shop', { kpis })).status).toBe(202);
    for (const title of PAYLOADS)
      expect((await post('/hooks/alerts/generic', { title, detail: title })).status).toBe(202);
    await attackByTasks(recert);
  }

  /** Each payload as the name of a task, as what it says, and as the reason of a dead letter. */
  async function attackByTasks({ doors, url }: ConsoleInstallation): Promise<void> {
    for (const [n, payload] of PAYLOADS.entries()) {
      const name = payload.slice(0, 100);
      const task = { name, id: `task-${n}`, owner: 'mallory', trigger: { hand: true }, release: true };
      const { token } = await doors.request<{ token: string }>('POST', '/api/tasks', task);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ status: 'fail', log: payload, version: payload.slice(0, 100) });
      const { status } = await fetch(`${url}/hooks/tasks/task-${n}`, { method: 'POST', headers, body });
      expect(status).toBe(202);
    }
  }

  async function expectHarmless(page: Page): Promise<void> {
    // Whatever would run has run by now.
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
    expect(await page.evaluate(() => document.querySelectorAll('iframe, img, [onload], [onerror]').length)).toBe(0);
    expect(await page.evaluate(() => document.querySelectorAll('a[href^="javascript" i]').length)).toBe(0);
    expect(asked.filter((address) => !address.startsWith(recert.url) && !address.startsWith('data:'))).toEqual([]);
  }

  it('stays text in a record, and in its flowchart', async () => {
    await tab.page.goto(`${recert.url}/processes/hostile-beware`);
    await tab.page.getByText(PAYLOADS[0]).first().waitFor();
    await tab.page.getByRole('img', { name: 'Flowchart' }).waitFor();
    await expectHarmless(tab.page);
  });

  it.each([
    ...['/alerts', '/products', '/products/shop', '/people', '/messages', '/processes', '/inbox', '/rounds'],
    ...['/flows', '/flows?service=outside', '/tasks', '/tasks/task-0', '/runs', '/releases', '/dead-letters'],
  ])('stays text on %s', async (path) => {
    await tab.page.goto(recert.url + path);
    await tab.page.getByRole('heading', { level: 1 }).waitFor();
    await tab.page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
    if (path === '/alerts') await tab.page.getByText(PAYLOADS[0]).first().waitFor();
    await expectHarmless(tab.page);
  });
});
