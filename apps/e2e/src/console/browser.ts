import { findChromium } from '@recert/testing';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

export const DESKTOP = { width: 1440, height: 900 };
export const WIDE = { width: 1600, height: 1000 };
export const PHONE = { width: 320, height: 640 };

const path = findChromium();

/** A suite that needs a real browser. Where there is none it is skipped, and says so. */
export const describeInBrowser: jest.Describe = path === null ? skipLoudly() : describe;

function skipLoudly(): jest.Describe {
  process.stderr.write(
    'SKIPPED: no Chromium was found, so the console is not tested (see tools/provision-chromium.mjs)\n',
  );
  return describe.skip;
}

export async function launchBrowser(): Promise<Browser> {
  // As root there is no sandbox to be had.
  return chromium.launch({ executablePath: path!, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

/** A tab, with everything that went wrong in it. */
export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, exceptions that nobody caught, and answers of 400 and more. */
  readonly faults: string[];
}

export async function openTab(browser: Browser, viewport = DESKTOP): Promise<Tab> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  return { page, context, faults };
}

/** Follows a one-time link, until the console is there. */
export async function logIn({ page }: Tab, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('heading', { level: 1, name: 'Processes' }).waitFor();
}
