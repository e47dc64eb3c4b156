import { writeFileSync } from 'node:fs';
import { type Tab, describeInBrowser } from './browser';
import { openConsole, type OpenConsole } from './console-installation';
import { LIBRARY } from './console-library';

const PROCESSES = 5000;

describeInBrowser('an import that takes a while', () => {
  let opened: OpenConsole;
  let tab: Tab;

  beforeAll(async () => {
    opened = await openConsole(LIBRARY);
    ({ tab } = opened);
  }, 60_000);
  afterAll(() => opened.close());

  it('says how far it is, and then what came of it', async () => {
    const { page, faults } = tab;
    await page.goto(`${opened.recert.url}/settings?show=library`);
    const library = Array.from({ length: PROCESSES }, (_, n) => `## bake loaf ${n}\n\nowner: ada\n\nKnead it.\n`);
    writeFileSync(opened.recert.libraryPath, library.join('\n'));
    await page.getByRole('button', { name: /^Import: / }).click();

    const dialog = page.getByRole('dialog');
    const said = new Set<string>();
    while (!(await dialog.getByText('Imported', { exact: true }).isVisible())) {
      for (const text of await dialog.getByRole('status').allInnerTexts()) said.add(text);
      await page.waitForTimeout(20);
    }
    const written = [...said].flatMap((text) => /written\. ([\d,]+) of 5,\d+/.exec(text)?.[1] ?? []);
    expect({ said: [...said], isLive: written.length > 1 }).toMatchObject({ isLive: true });
    expect(faults).toEqual([]);
  });
});
