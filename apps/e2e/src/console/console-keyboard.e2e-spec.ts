import { describeInBrowser, type Tab } from './browser';
import { openConsole, type ConsoleInstallation } from './console-installation';
import { LIBRARY } from './console-library';

describeInBrowser('the console by keyboard only', () => {
  let recert: ConsoleInstallation;
  let tab: Tab;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ recert, tab, close } = await openConsole(LIBRARY));
  }, 60_000);
  afterAll(() => close());

  const focused = () => tab.page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

  /** Presses Tab until this has the focus. */
  async function tabTo(name: string | RegExp): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      await tab.page.keyboard.press('Tab');
      const text = await focused();
      if (typeof name === 'string' ? text === name : name.test(text)) return;
    }
    throw new Error(`Tab never comes to ${String(name)}`);
  }

  it('finds a process by search, goes through the list, and opens it', async () => {
    const { page } = tab;
    await page.getByRole('link', { name: 'renew certificates', exact: true }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('certificates');
    await page.waitForURL('**/processes?q=certificates');
    await page.getByRole('link', { name: 'evaluate candidates', exact: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.getByRole('link', { name: 'evaluate candidates', exact: true }).waitFor();
    await tabTo('deploy product releases');
    await page.keyboard.press('ArrowDown');
    await expectFocus('renew certificates');
    await page.keyboard.press('ArrowUp');
    await expectFocus('deploy product releases');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'deploy product releases' }).waitFor();
  });

  it('answers a question in the inbox', async () => {
    const { page } = tab;
    await tabTo('Ask now');
    await page.keyboard.press('Enter');
    await page.getByText('The owner is asked now.').waitFor();
    await page.goto(`${recert.url}/inbox`);
    await page.getByText('Do you need to update it?').waitFor();
    await tabTo('No, it is correct');
    await page.keyboard.press('Enter');
    await page
      .getByText(/is certified/)
      .first()
      .waitFor();
    await page.getByText(/Nothing waits/).waitFor();
  });

  async function expectFocus(text: string): Promise<void> {
    await tab.page.waitForFunction((wanted) => document.activeElement?.textContent?.trim() === wanted, text);
  }
});
