import { startFakeTelegram, type FakeTelegram, type FakeUser } from '@recert/testing';
import { type Browser } from 'playwright-core';
import { loginLinkOf } from '../story/link-person';
import { describeInBrowser, launchBrowser, logIn, openTab, PHONE, type Tab } from './browser';
import { startConsole, type ConsoleInstallation } from './console-installation';
import { LIBRARY } from './console-library';

const QUESTION = 'Review your process description. Do you need to update it?';
const MINUTE = 60_000;

describeInBrowser('the story of a new organisation, in a browser', () => {
  let telegram: FakeTelegram;
  let recert: ConsoleInstallation;
  let browser: Browser;
  let admin: Tab;
  let ada: FakeUser;

  beforeAll(async () => {
    telegram = await startFakeTelegram();
    recert = await startConsole(LIBRARY, telegram);
    browser = await launchBrowser();
    admin = await openTab(browser);
  }, MINUTE);
  afterAll(async () => {
    await browser.close();
    await recert.stop();
    await telegram.stop();
  });

  it('begins with the admin link, which works once', async () => {
    await logIn(admin, recert.adminLink);
    expect(admin.page.url()).toBe(`${recert.url}/processes`);
    await admin.page
      .getByRole('row', { name: /publish job descriptions/ })
      .getByText('undocumented')
      .waitFor();
    const other = await openTab(browser);
    await other.page.goto(recert.adminLink);
    await other.page
      .getByRole('alert')
      .getByText(/used already/)
      .waitFor();
    await other.context.close();
  });

  it('goes on with an invitation, by which the owner is linked', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'People', exact: true }).click();
    await page
      .getByRole('row', { name: /ada/ })
      .getByRole('button', { name: /Invite/ })
      .click();
    const link = await page.getByRole('textbox', { name: 'Link', exact: true }).inputValue();
    ada = telegram.user({ id: 100_001, firstName: 'Ada' });
    ada.start(new URL(link.trim()).searchParams.get('start')!);
    await telegram.waitForMessage(ada.id, ({ text }) => /linked/i.test(text));
    // Nobody reloads the page: the server tells of it.
    await page.getByRole('dialog').getByText('is linked').waitFor();
    await page.keyboard.press('Escape');
    await page
      .getByRole('row', { name: /ada/ })
      .getByText(/linked/i)
      .first()
      .waitFor();
  });

  it('asks the owner, who logs in by the bot on a phone and answers in the inbox', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'Processes', exact: true }).click();
    await page.getByRole('link', { name: 'deploy product releases', exact: true }).click();
    await page.getByRole('img', { name: 'Flowchart' }).waitFor();
    await page.getByRole('button', { name: 'Ask now' }).click();
    await telegram.waitForMessage(ada.id, ({ text }) => text.includes('deploy product releases'));

    const link = await loginLinkOf(telegram, ada);
    const phone = await openTab(browser, PHONE);
    await logIn(phone, link);
    await phone.page.goto(`${recert.url}/inbox`);
    await phone.page.getByText(QUESTION).waitFor();
    await phone.page.getByRole('button', { name: 'No, it is correct' }).click();
    await phone.page
      .getByText(/is certified/)
      .first()
      .waitFor();
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  });

  it('ends certified, here and in Telegram, without a reload', async () => {
    await admin.page.getByText('certified', { exact: true }).first().waitFor();
    await telegram.waitForMessage(ada.id, ({ text }) => /certified/i.test(text));
    const [process] = (await recert.doors.processes()).items.filter(({ name }) => name === 'deploy product releases');
    expect(process).toMatchObject({ status: 'certified', owner: 'ada' });
    const { items } = await recert.doors.history(process!.id);
    expect(items.find(({ field, new: now }) => field === 'status' && now === 'certified')?.by).toBe('ada');
    await admin.page.getByRole('tab', { name: 'History' }).click();
    await admin.page
      .getByText(/by ada/)
      .first()
      .waitFor();
    expect(admin.faults).toEqual([]);
  });
});
