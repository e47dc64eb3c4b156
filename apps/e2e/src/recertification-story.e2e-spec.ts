import { setTimeout as sleep } from 'node:timers/promises';
import { startFakeTelegram, type FakeTelegram } from '@recert/testing';
import { installationOf, KINDS, type Installation } from './story/installation';
import { checkHistory, firstTextOf, numberOf, playStory, QUESTION } from './story/play-story';

const MINUTES = 60_000;

describe.each(KINDS)('the story of a process, %s', (which) => {
  let telegram: FakeTelegram;
  let installation: Installation;
  const undo: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    telegram = await startFakeTelegram();
    undo.push(() => telegram.stop());
    installation = await installationOf(which, telegram, undo);
  });

  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  it(
    'goes from a Markdown library to a certified process over Telegram',
    async () => {
      await playStory(installation, telegram);
      await checkHistory(installation);
      expect(telegram.floods).toEqual([]);
    },
    3 * MINUTES,
  );

  it(
    'ends the same when processes are killed with -9 at five random points',
    async () => {
      const killer = new Killer(installation, 5);
      try {
        await playStory(installation, telegram);
        // A story that was quicker than the killer stands through the rest of the kills.
        await killer.finish();
      } finally {
        await killer.giveUp();
      }
      await checkHistory(installation);
      // Between the sending of a message and the note that it was sent, a kill may repeat it once, under its number.
      const asked = questionNumbers(telegram);
      expect(new Set(asked).size).toBeGreaterThanOrEqual(2);
      expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(5);
    },
    5 * MINUTES,
  );
});

/** Kills and restarts one process after the other, at random points of whatever goes on meanwhile. */
class Killer {
  private wanted = true;
  private readonly run: Promise<void>;

  constructor(installation: Installation, kills: number) {
    this.run = this.kill(installation, kills);
    this.run.catch(() => undefined);
  }

  finish(): Promise<void> {
    return this.run;
  }

  /** Resolves when nothing is killed or started any more. */
  async giveUp(): Promise<void> {
    this.wanted = false;
    await this.run.catch(() => undefined);
  }

  private async kill(installation: Installation, kills: number): Promise<void> {
    // By then the story has begun, and with it the installation.
    await sleep(1000);
    for (let n = 0; n < kills && this.wanted; n += 1) {
      await sleep(200 + Math.random() * 1800);
      if (this.wanted) await installation.killOneAndRestart(Math.floor(Math.random() * 3));
    }
  }
}

/** The visible number of every question that arrived, in the order of arrival. */
function questionNumbers(telegram: FakeTelegram): string[] {
  return telegram
    .chat(100_001)
    .messages.filter((message) => firstTextOf(message).includes(QUESTION))
    .map((message) => numberOf(message)!);
}
