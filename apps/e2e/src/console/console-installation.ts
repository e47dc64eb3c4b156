import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawnService, type FakeTelegram } from '@recert/testing';
import { type Browser } from 'playwright-core';
import { Doors } from '../story/doors';
import { ADMIN_TOKEN, freePort } from '../story/installation';
import { launchBrowser, logIn, openTab, type Tab } from './browser';

const ROOT = resolve(__dirname, '../../../..');

/** A standalone as `npm start` runs it, reached by its console. */
export interface ConsoleInstallation {
  readonly url: string;
  readonly doors: Doors;
  readonly libraryPath: string;
  /** The one-time link that the start has printed. */
  readonly adminLink: string;
  stop(): Promise<void>;
}

/** A console with an admin looking at it. */
export interface OpenConsole {
  readonly recert: ConsoleInstallation;
  readonly browser: Browser;
  readonly tab: Tab;
  close(): Promise<void>;
}

/** @param fill runs before anybody looks */
export async function openConsole(
  library: string,
  fill: (recert: ConsoleInstallation) => Promise<void> = async () => undefined,
): Promise<OpenConsole> {
  const recert = await startConsole(library, null);
  await fill(recert);
  const browser = await launchBrowser();
  const tab = await openTab(browser);
  await logIn(tab, recert.adminLink);
  const close = async (): Promise<void> => {
    await browser.close();
    await recert.stop();
  };
  return { recert, browser, tab, close };
}

/** @param library the Markdown that is imported at the start */
export async function startConsole(library: string, telegram: FakeTelegram | null): Promise<ConsoleInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'recert-console-'));
  const libraryPath = join(folder, 'processes.md');
  writeFileSync(libraryPath, library);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = await spawnService({
    command: process.execPath,
    args: [join(ROOT, 'apps/standalone/dist/main.js')],
    env: {
      PORT: String(port),
      PUBLIC_URL: url,
      RECERT_DATA: join(folder, 'data'),
      RECERT_ADMIN_TOKEN: ADMIN_TOKEN,
      LIBRARY: libraryPath,
      LIBRARY_BASE_URL: 'https://example.org/processes.md',
      LIBRARY_REFRESH: 'off',
      ASK_HOURS: 'always',
      // Whatever is sent outside stays on this machine.
      OUTGOING_ALLOW: '127.0.0.1',
      ...(telegram === null ? {} : { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url }),
    },
    readyLine: /Ctrl-C stops everything/,
  });
  const adminLink = /Admin link\s+(\S+)/.exec(service.logs.join('\n'))?.[1];
  if (adminLink === undefined) throw new Error(`no admin link in:\n${service.logs.join('\n')}`);
  const stop = async (): Promise<void> => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, doors: new Doors(() => url, ADMIN_TOKEN), libraryPath, adminLink, stop };
}
