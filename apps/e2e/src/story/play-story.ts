import { eventually, type ChatMessage, type FakeTelegram, type FakeUser } from '@recert/testing';
import { current } from './hooks';
import { type Installation } from './installation';
import { linkPerson } from './link-person';
import { AFTER, BEFORE, DEPLOY, KPIS, writeLibrary } from './story-library';

export const QUESTION = 'Review your process description. Do you need to update it?';
const PATIENCE_MS = 60_000;

/** What a run of the story leaves for the checks that differ between a calm run and one with kills. */
export interface StoryResult {
  readonly certifiedAt: string;
}

/**
 * The whole story through the public doors only: a library is imported, a process becomes due, its owner is asked over
 * Telegram, says Yes, changes the record, is asked once more, says No, and the process is certified.
 */
export async function playStory(installation: Installation, telegram: FakeTelegram): Promise<StoryResult> {
  const { doors } = installation;
  await importTheLibrary(installation);
  const ada = telegram.user({ id: 100_001, firstName: 'Ada', username: 'ada_l' });
  const chat = await linkOwner(installation, telegram, ada);

  const question = await telegram.waitForMessage(
    chat,
    (message) => message.text.includes(QUESTION) && message.buttons.includes('Yes'),
    PATIENCE_MS,
  );
  expect(question.text).toContain('deploy product releases');
  await eventually(async () => expect((await doors.process(DEPLOY)).status).toBe('due'), PATIENCE_MS);

  ada.tap(question, 'Yes');
  await eventually(async () => expect((await doors.process(DEPLOY)).status).toBe('updating'), PATIENCE_MS);
  await eventually(() => expect(current(telegram, question).buttons).not.toContain('Yes'), PATIENCE_MS);

  writeLibrary(installation.libraryPath, AFTER);
  await doors.importLibrary();
  // A kill may repeat the first question under its number: the second one has a number of its own.
  const again = await telegram.waitForMessage(
    chat,
    (message) =>
      numberOf(message) !== numberOf(question) &&
      message.text.includes(QUESTION) &&
      message.text.includes('deploy product releases') &&
      message.buttons.includes('Yes'),
    PATIENCE_MS,
  );
  ada.tap(again, 'No');
  const certified = await eventually(async () => {
    const process = await doors.process(DEPLOY);
    expect(process.certificationDate).not.toBeNull();
    return process;
  }, PATIENCE_MS);
  await eventually(() => expect(current(telegram, again).text).toMatch(/Certified/), PATIENCE_MS);
  return { certifiedAt: certified.certificationDate! };
}

/** What a message said when it was sent. */
export function firstTextOf({ edits, text }: ChatMessage): string {
  return edits[0]?.text ?? text;
}

/** The visible number of the question that a message asked, or null when it asked none. */
export function numberOf(message: ChatMessage): string | null {
  return /R-\d+/.exec(firstTextOf(message))?.[0] ?? null;
}

async function importTheLibrary(installation: Installation): Promise<void> {
  writeLibrary(installation.libraryPath, BEFORE);
  await installation.start();
  await eventually(async () => {
    const { items } = await installation.doors.processes();
    expect(items.map((process) => process.id)).toEqual([DEPLOY, KPIS, 'training-teach-mindset']);
  }, PATIENCE_MS);
  const { items } = await installation.doors.processes();
  expect(items[0]).toMatchObject({
    name: 'deploy product releases',
    section: 'product maintenance',
    owner: 'ada',
    deputy: 'alan',
    triggerPeriod: 'PT4S',
    documented: true,
    url: 'https://example.org/processes.md#deploy-product-releases',
  });
  expect(items[2]).toMatchObject({ documented: false, owner: null, status: 'uncertified', nextDueAt: null });
}

async function linkOwner(installation: Installation, telegram: FakeTelegram, ada: FakeUser): Promise<number> {
  const url = await linkPerson(installation.doors, telegram, 'ada', ada);
  expect(url).toMatch(/^https:\/\/t\.me\/.+\?start=[A-Za-z0-9_-]{16,64}$/);
  return ada.id;
}

/** What the history must say in the end, whatever was killed on the way: each change of the status, once and in order. */
export async function checkHistory(installation: Installation): Promise<void> {
  const { items } = await installation.doors.history(DEPLOY);
  const statuses = items.filter((row) => row.field === 'status').map((row) => [row.old, row.new]);
  expect(statuses.slice(0, 5)).toEqual([
    [null, 'uncertified'],
    ['uncertified', 'due'],
    ['due', 'updating'],
    ['updating', 'due'],
    ['due', 'certified'],
  ]);
  const times = items.map((row) => row.at);
  expect(times).toEqual([...times].sort());
  expect(items.filter((row) => row.new === 'certified')[0]).toMatchObject({ by: 'ada', source: 'telegram' });
  expect(await installation.doors.verifyAudit()).toMatchObject({ ok: true, broken: null });
  expect((await installation.doors.deadLetters()).items).toEqual([]);
}
