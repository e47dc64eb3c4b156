import { eventually, startFakeTelegram, type ChatMessage, type FakeTelegram, type FakeUser } from '@recert/testing';
import { type Browser } from 'playwright-core';
import { describeInBrowser, launchBrowser, logIn, openTab } from './console/browser';
import { startConsole, type ConsoleInstallation } from './console/console-installation';
import { LIBRARY } from './console/console-library';
import { current } from './story/hooks';
import { linkPerson, loginLinkOf } from './story/link-person';

const MINUTES = 60_000;
/** Within the first minute of the hub nobody's silence is news: it may have been the hub that was away. */
const SILENCE_MS = 100_000;

interface Registered {
  readonly token: string;
}
interface Shown {
  readonly state: string;
  readonly trouble: { readonly why: string } | null;
}

describeInBrowser('the story of a task that runs outside', () => {
  let telegram: FakeTelegram;
  let recert: ConsoleInstallation;
  let browser: Browser;
  let ada: FakeUser;

  beforeAll(async () => {
    telegram = await startFakeTelegram();
    recert = await startConsole(LIBRARY, telegram);
    ada = telegram.user({ id: 100_001, firstName: 'Ada' });
    await linkPerson(recert.doors, telegram, 'ada', ada);
    browser = await launchBrowser();
  }, 2 * MINUTES);
  afterAll(async () => {
    await browser.close();
    await recert.stop();
    await telegram.stop();
  });

  const report = async (token: string, status: string, log = ''): Promise<number> => {
    const body = new URLSearchParams({ status, ...(log === '' ? {} : { log }) });
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${recert.url}/hooks/tasks/water-plants`, { method: 'POST', headers, body })).status;
  };
  const task = (): Promise<Shown> => recert.doors.request('GET', '/api/tasks/water-plants');
  const told = (pattern: RegExp): Promise<ChatMessage> =>
    telegram.waitForMessage(ada.id, ({ text }) => text.includes('Water plants') && pattern.test(text), SILENCE_MS);
  const isNow = (message: ChatMessage, pattern: RegExp): Promise<void> =>
    eventually(() => expect(current(telegram, message).text).toMatch(pattern), MINUTES);

  it(
    'is told when it fails and when it falls silent, closes itself, and is seen in the console',
    async () => {
      const wanted = { name: 'Water plants', owner: 'ada', trigger: { every: 'PT10S' }, grace: 'PT2S' };
      const { token } = await recert.doors.request<Registered>('POST', '/api/tasks', wanted);

      expect(await report(token, 'fail', 'the tap is shut')).toBe(202);
      const failed = await told(/has failed/);
      expect(failed.text).toContain('the tap is shut');
      expect(await task()).toMatchObject({ state: 'down', trouble: { why: 'failed' } });
      expect(await report(token, 'success')).toBe(202);
      await isNow(failed, /has succeeded again/);
      await eventually(async () => expect(await task()).toMatchObject({ state: 'up', trouble: null }));

      const silent = await told(/did not report/);
      expect(await task()).toMatchObject({ state: 'down', trouble: { why: 'silent' } });
      const { page } = await loggedIn();
      await page.goto(`${recert.url}/tasks/water-plants`);
      await page.getByRole('heading', { level: 1, name: 'Water plants' }).waitFor();
      await page.getByText('the tap is shut').waitFor();
      await page
        .getByText(/silent/)
        .first()
        .waitFor();
      expect(await report(token, 'success')).toBe(202);
      await isNow(silent, /has succeeded again/);
      expect(telegram.floods).toEqual([]);
    },
    5 * MINUTES,
  );

  async function loggedIn() {
    const tab = await openTab(browser);
    await logIn(tab, await loginLinkOf(telegram, ada));
    return tab;
  }
});
