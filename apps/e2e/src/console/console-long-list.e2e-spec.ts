import { describeInBrowser, type Tab } from './browser';
import { openConsole } from './console-installation';

const PROCESSES = 500;
/** How fast it is is measured elsewhere. */
const PATIENCE_MS = 30_000;
const names = Array.from({ length: PROCESSES }, (_, n) => `process number ${n}`);
const library = `# Library

- section
${names.map((name) => `  - ${name}`).join('\n')}

## section

${names.map((name) => `### ${name}\n\nowner: ada\n\nDo it well.\n`).join('\n')}`;

describeInBrowser('a long list of processes', () => {
  let tab: Tab;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ tab, close } = await openConsole(library));
  }, 60_000);
  afterAll(() => close());

  const row = (n: number) => tab.page.getByRole('link', { name: `process number ${n}`, exact: true });
  const rows = () => tab.page.locator('[data-index]').count();

  it('begins with the first one, also with much above it', async () => {
    await tab.page.getByText('Four steps to the first question').waitFor();
    await row(0).scrollIntoViewIfNeeded();
    await row(0).click({ trial: true });
    await row(5).click({ trial: true });
  });

  it('comes to its end by scrolling, with few rows there at a time', async () => {
    await expectEventually(async () => {
      await tab.page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      return row(PROCESSES - 1).isVisible();
    });
    await row(PROCESSES - 1).click({ trial: true });
    expect(await rows()).toBeLessThan(100);
    await tab.page.evaluate(() => window.scrollTo(0, 0));
    await row(0).waitFor();
    expect(tab.faults).toEqual([]);
  });

  async function expectEventually(condition: () => Promise<boolean>): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (!(await condition())) {
      if (performance.now() > until) throw new Error('the list never comes to its end');
      await tab.page.waitForTimeout(50);
    }
  }
});
