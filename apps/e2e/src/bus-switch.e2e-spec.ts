import { eventually, startFakeTelegram, startNatsServer, type FakeTelegram } from '@recert/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { installationOf, KINDS, type Installation } from './story/installation';
import { checkHistory, playStory } from './story/play-story';
import { DEPLOY } from './story/story-library';
import { busOf, switchBus } from './story/switch-bus';

const MINUTES = 60_000;
const SERVICES = ['alert-relay', 'kpi-ingest', 'notifier', 'registry', 'scheduler'];

describe.each(KINDS)('the story of a process while the bus is switched, %s', (which) => {
  let telegram: FakeTelegram;
  let installation: Installation;
  let [there, back] = ['', ''];
  const undo: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    telegram = await startFakeTelegram();
    undo.push(() => telegram.stop());
    [there, back] = ['postgres', 'nats'];
    if (which.startsWith('standalone')) {
      const nats = await startNatsServer();
      undo.push(() => nats.stop());
      [there, back] = [nats.url, 'postgres'];
    }
    installation = await installationOf(which, telegram, undo);
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  /** When the story has begun and all services are heard of. */
  async function middle(): Promise<void> {
    await sleep(1000);
    await eventually(async () => {
      const { members } = await busOf(installation);
      expect(members.map(({ service }) => service)).toEqual(SERVICES);
      expect((await installation.doors.process(DEPLOY)).status).not.toBe('uncertified');
    }, MINUTES);
  }
  const settled = (generation: number): Promise<void> =>
    eventually(async () => {
      const { members } = await busOf(installation);
      expect(members.map((member) => [member.generation, member.phase])).toEqual(
        SERVICES.map(() => [generation, 'idle']),
      );
    }, MINUTES);

  it(
    'ends the same when it goes there and back in its middle',
    async () => {
      const playing = playStory(installation, telegram);
      const switching = (async () => {
        await middle();
        await switchBus(installation, there);
        await settled(1);
        await switchBus(installation, back);
        await settled(2);
      })();
      await Promise.all([playing, switching]);
      await checkHistory(installation);
      expect(telegram.floods).toEqual([]);
    },
    4 * MINUTES,
  );

  it(
    'ends the same when a process is killed with -9 in each phase of it',
    async () => {
      const playing = playStory(installation, telegram);
      await middle();
      const killed: string[] = [];
      let over = false;
      const killing = (async () => {
        while (!over) {
          const phase = (await busOf(installation)).switch?.phase ?? 'none';
          const isNew = phase !== 'none' && !killed.includes(phase);
          if (isNew) {
            killed.push(phase);
            await installation.killOneAndRestart(killed.length - 1);
          } else await sleep(20);
        }
      })();
      await switchBus(installation, there);
      await settled(1);
      over = true;
      await Promise.all([killing, playing]);
      expect(killed.length).toBeGreaterThanOrEqual(3);
      expect(killed).toContain('done');
      await checkHistory(installation);
    },
    6 * MINUTES,
  );
});
