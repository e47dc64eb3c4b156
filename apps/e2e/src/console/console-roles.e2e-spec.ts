import { startFakeTelegram, type FakeTelegram } from '@recert/testing';
import { type Browser } from 'playwright-core';
import { linkPerson, loginLinkOf } from '../story/link-person';
import { describeInBrowser, launchBrowser, logIn, openTab, type Tab } from './browser';
import { startConsole, type ConsoleInstallation } from './console-installation';
import { LIBRARY } from './console-library';
import { PLACES } from './console-places';
import { fillConsole } from './fill-console';

const FOR_ADMINS = ['/dead-letters', '/subscriptions', '/messages'];
const SAYS_SO = 'Only admins see this page.';
/** What changes something: an admin's, except where a person's own is listed below. */
const CHANGES =
  /^(ask now|edit|start a round|acknowledge|snooze|resolve|replay|resend|send again|invite|add|register|import|preview|make|revoke|deactivate|activate|delete|remove|give|subscribe|another|take|send|test|yes|no\b|not mine|later)/i;

describeInBrowser('the console of somebody who is no admin', () => {
  let telegram: FakeTelegram;
  let recert: ConsoleInstallation;
  let browser: Browser;
  const tabs = new Map<string, Tab>();

  beforeAll(async () => {
    telegram = await startFakeTelegram();
    recert = await startConsole(LIBRARY, telegram);
    await recert.doors.request('POST', '/api/people', { handle: 'vera', name: 'Vera', roles: ['viewer'] });
    browser = await launchBrowser();
    for (const [n, handle] of ['vera', 'ada'].entries()) tabs.set(handle, await loggedIn(handle, 100_001 + n));
    await fillConsole(recert);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await recert.stop();
    await telegram.stop();
  });

  async function loggedIn(handle: string, id: number): Promise<Tab> {
    const user = telegram.user({ id, firstName: handle });
    await linkPerson(recert.doors, telegram, handle, user);
    const tab = await openTab(browser);
    await logIn(tab, await loginLinkOf(telegram, user));
    return tab;
  }

  /** @returns the names of the buttons and menus that change something */
  async function visit(handle: string, path: string, title: string): Promise<string[]> {
    const { page, faults } = tabs.get(handle)!;
    faults.splice(0);
    await page.goto(recert.url + path);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(faults).toEqual([]);
    expect([path, await page.getByText(SAYS_SO).count()]).toEqual([path, FOR_ADMINS.includes(path) ? 1 : 0]);
    const names = await page.getByRole('button').allInnerTexts();
    return [...new Set(names.map((name) => name.trim()).filter((name) => CHANGES.test(name)))];
  }

  it.each(PLACES)('%s shows a viewer nothing to change, and asks for nothing that is refused', async (path, title) => {
    expect(await visit('vera', path, title)).toEqual([]);
  });

  it.each(PLACES)('%s shows an owner what is theirs to do', async (path, title) => {
    const theirs: Readonly<Record<string, RegExp>> = {
      '/inbox': /^(Yes|No|Not mine|Later)/,
      '/alerts': /^(Acknowledge|Snooze|Resolve)$/,
      '/tasks': /^Register a task$/,
      '/tasks/nightly-backup': /^(Another owner|Take away)$/,
    };
    const allowed = path.startsWith('/processes/') ? /^(Yes|No|Not mine|Later)/ : theirs[path];
    const found = await visit('ada', path, title);
    expect(found.filter((name) => allowed === undefined || !allowed.test(name))).toEqual([]);
    if (theirs[path] !== undefined) expect(found).not.toEqual([]);
  });

  it('a part of the settings that is not for them says so, and shows what is', async () => {
    expect(await visit('vera', '/settings?show=tokens', 'Settings')).toEqual([]);
    const { page } = tabs.get('vera')!;
    await page.getByText('Tokens: only admins see this.').waitFor();
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Sessions']);
  });

  it('an owner registers a task, for themselves and for nobody else', async () => {
    await visit('ada', '/tasks', 'Tasks');
    const { page } = tabs.get('ada')!;
    await page.getByRole('button', { name: 'Register a task' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('Rotate logs');
    await form.getByLabel('Owner').click();
    expect(await page.getByRole('option').allInnerTexts()).toEqual(['ada']);
    await page.getByRole('option').click();
    await form.getByRole('button', { name: 'Register it' }).click();
    await form.getByText('POST').first().waitFor();
    expect(await recert.doors.request('GET', '/api/tasks/rotate-logs')).toMatchObject({ owner: 'ada' });
  });
});
