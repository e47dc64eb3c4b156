import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@recert/testing';
import { linked, type Product, registerProduct } from '../story/hooks';
import { QUESTION } from '../story/play-story';
import { DEPLOY } from '../story/story-library';
import { AttackedSystem } from './attacked-system';
import { messagesOf, settle } from './read-ledger';
import { type Run, scenario } from './scenario';
import { SteadyAlerts } from './steady-alerts';

const MINUTES = 60_000;
const SECOND = 1_000;
const PRODUCTS = 4;
const PER_SECOND = 20;
const DRAINED_MS = 30 * SECOND;

describe('PostgreSQL crashes, ends its sessions and is away, while webhooks go on arriving', () => {
  let system: AttackedSystem;
  let products: readonly Product[];
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    system = await AttackedSystem.start(undo);
    const { installation, telegram } = system;
    await linked(installation, telegram, { handle: 'carol', id: 320_000, roles: ['owner'] });
    const made: Product[] = [];
    for (let n = 0; n < PRODUCTS; n += 1)
      made.push(await registerProduct(installation.doors, { name: `Product ${n}`, owner: 'carol', admins: ['carol'] }));
    products = made;
  }, 3 * MINUTES);
  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  /** Sends until the attack is over. @param count how many come in that time */
  async function under(run: Run, count: number, alerts: SteadyAlerts, attack: () => Promise<void>): Promise<void> {
    const before = alerts.accepted.length;
    await Promise.all([alerts.send(count, PER_SECOND), attack()]);
    expect(alerts.refused).toEqual([]);
    run.must('answered with 2xx', alerts.accepted.length - before, { exactly: count });
    const drained = await settle(system.databaseUrl, () => ({ accepted: alerts.accepted, messages: [] }), {
      withinMs: 2 * DRAINED_MS,
      only: /^webhook /,
    });
    expect([...drained.orphans, ...drained.pending].filter((one) => one.startsWith('webhook '))).toEqual([]);
    run.must('seconds until all are in the table and handled', Math.ceil(drained.tookMs / SECOND), {
      most: DRAINED_MS / SECOND,
    });
  }

  scenario(
    'T5',
    'PostgreSQL may be killed, cut off and away, and takes no webhook with it',
    { short: 3, long: 12 },
    async (run) => {
      const { installation, telegram } = system;
      const alerts = new SteadyAlerts(installation, products);
      const ada = await linked(installation, telegram, { handle: 'ada', id: 320_001, roles: ['owner'] });
      const question = await telegram.waitForMessage(
        ada.id,
        ({ text, buttons }) => text.includes(QUESTION) && buttons.includes('No'),
        MINUTES,
      );

      const crashes = run.size(3, 50);
      await under(run, crashes * 2 * PER_SECOND, alerts, async () => {
        for (let n = 0; n < crashes; n += 1) {
          await sleep(run.random.between(500, 1_500));
          await system.killPostgres();
        }
      });
      run.tell('crashes', crashes);

      const ended = run.size(60, 600);
      await under(run, (ended / 10) * PER_SECOND, alerts, async () => {
        for (let n = 0; n < ended; n += 1) {
          await system.endSession(run.random.between(0, 1_000));
          await sleep(80);
        }
      });
      run.tell('sessions ended', ended);

      const awayMs = run.size(10, 180) * SECOND;
      await under(run, (awayMs / SECOND) * PER_SECOND, alerts, async () => {
        const away = system.killPostgres(awayMs);
        await sleep(awayMs / 2);
        ada.tap(question, 'No');
        await away;
      });
      run.tell('seconds away', awayMs / SECOND);
      const { certificationDate } = await eventually(async () => {
        const process = await installation.doors.process(DEPLOY);
        expect(process.certificationDate).not.toBeNull();
        return process;
      }, DRAINED_MS);
      run.must('presses kept that were made meanwhile', certificationDate === null ? 0 : 1, { exactly: 1 });
      run.tell('slowest answer in ms', Math.round(alerts.slowestMs));
      // A message whose sender lost its session waits for the end of its lease.
      const outside = () => ({ accepted: alerts.accepted, messages: messagesOf(system.telegram) });
      const { orphans, pending } = await settle(system.databaseUrl, outside, { withinMs: 2 * MINUTES });
      expect([orphans, pending]).toEqual([[], []]);
      run.must('lost, or from nowhere', orphans.length, { exactly: 0 });
      const wrong = await alerts.miscounted();
      expect(wrong).toEqual([]);
      run.must('counted otherwise than once', wrong.length, { exactly: 0 });
    },
  );
});
