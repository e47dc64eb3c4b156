import { startFakeTelegram, startNatsServer, testDatabase, type FakeTelegram } from '@recert/testing';
import { separateServices, standaloneInstallation, type Installation } from './story/installation';
import { checkHistory, playStory, QUESTION } from './story/play-story';

const MINUTES = 60_000;

describe.each(['standalone on the postgres transport', 'separate services on JetStream'])(
  'the story of a process, %s',
  (which) => {
    let telegram: FakeTelegram;
    let installation: Installation;
    const undo: (() => Promise<unknown>)[] = [];

    beforeEach(async () => {
      telegram = await startFakeTelegram();
      undo.push(() => telegram.stop());
      if (which.startsWith('standalone')) {
        installation = await standaloneInstallation(telegram);
      } else {
        const database = await testDatabase();
        const nats = await startNatsServer();
        undo.push(
          () => database.drop(),
          () => nats.stop(),
        );
        installation = await separateServices(telegram, database.url, nats.url);
      }
      undo.push(() => installation.stop());
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
        let kills = 0;
        let playing = true;
        const killer = (async (): Promise<void> => {
          // The first kill waits until there is something to kill.
          await new Promise((resolve) => setTimeout(resolve, 4000));
          while (playing && kills < 5) {
            await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1800));
            kills += 1;
            await installation.killOneAndRestart(Math.floor(Math.random() * 3));
          }
        })();
        await playStory(installation, telegram);
        // A story that was quicker than the killer is played on through the rest of the kills.
        await killer;
        playing = false;
        expect(kills).toBe(5);
        await checkHistory(installation);
        const asked = telegram.chat(100_001).messages.filter((message) => message.text.includes(QUESTION));
        expect(asked.length).toBeGreaterThanOrEqual(2);
      },
      5 * MINUTES,
    );
  },
);
