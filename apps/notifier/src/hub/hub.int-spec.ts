import { randomUUID } from 'node:crypto';
import {
  LetterKept,
  LetterSettled,
  LetterWanted,
  ReleaseReported,
  SubscriptionDisabled,
  TaskDown,
  TaskRecovered,
} from '@recert/contracts';
import { eventually, MovableClock, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { startNotifier, type NotifierUnderTest } from '../notifier-fixture';
import { link } from '../telegram-fixture';

describe('what the hub says in Telegram', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let admin: FakeUser;
  let owner: FakeUser;
  const clock = new MovableClock(new Date());
  let things = 0;

  beforeAll(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram({ limits: false });
    const environment = {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      PUBLIC_URL: 'https://recert.example.org',
    };
    notifier = await startNotifier(database.url, environment, clock);
    admin = telegram.user({ id: 4001, firstName: 'Carol' });
    owner = telegram.user({ id: 4002, firstName: 'Ada' });
    await link(notifier, telegram, 'carol', admin);
    await link(notifier, telegram, 'ada', owner);
    await notifier.person('carol', { roles: ['admin'] });
    await eventually(async () =>
      expect(await notifier.query("select 1 from person where 'admin' = any (roles)")).toHaveLength(1),
    );
  }, 20_000);

  afterAll(async () => {
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  const saying = (user: FakeUser, said: string): Promise<ChatMessage> =>
    telegram.waitForMessage(user.id, ({ text }) => text.includes(said), 8000);
  const said = (user: FakeUser, words: string): ChatMessage[] =>
    user.messages.filter(({ text }) => text.includes(words));
  /** Waits until everything that was published was handled, and everything that was to be said was said. */
  const settled = (): Promise<void> =>
    eventually(async () => {
      const [row] = await notifier.query<{ events: number; handled: number; waiting: number }>(
        `select (select count(*)::int from outbox where subject ~ '^(task.(down|recovered)|letter.(kept|settled)|release|subscription)') as events,
           (select count(*)::int from inbox where consumer ~ '(task-is-down|task-recovers|letter-when-it|outcome-when-letter|release|subscription)') as handled,
           (select count(*)::int from delivery where state in ('waiting', 'sending')) as waiting`,
      );
      expect(row).toEqual({ events: row!.handled, handled: row!.handled, waiting: 0 });
    }, 15_000);

  describe('of a task', () => {
    const down = (of: Partial<TaskDown> = {}): TaskDown => {
      things += 1;
      return { ...TaskDown.example, taskId: `backup-${things}`, name: `Backup ${things}`, ...of };
    };
    const recovered = ({ taskId, trouble, name, owner: of, why, since }: TaskDown, how: TaskRecovered['how']) =>
      notifier.publish(TaskRecovered, {
        taskId,
        trouble,
        name,
        owner: of,
        why,
        since,
        at: '2026-11-27T05:12:00.000Z',
        how,
      });

    it('that is silent reaches its owner first, and the admins when it goes on; all of them read that it is back', async () => {
      const silent = down();
      await notifier.publish(TaskDown, silent);
      const first = await saying(owner, silent.name);
      expect(first.text).toBe(
        `${silent.name} did not report.\nIt was expected by Fri 27 November 03:00; last heard Thu 26 November 03:04.`,
      );
      expect(first.buttons).toEqual(['Look']);
      expect(said(admin, silent.name)).toEqual([]);
      await notifier.publish(TaskDown, { ...silent, level: 'admins' });
      const second = await saying(admin, silent.name);
      expect(second.text).toContain('Its owner is Ada.');
      await recovered(silent, 'success');
      for (const message of [first, second]) {
        await telegram.waitForEdit(
          message,
          ({ text }) => text === `${silent.name} has succeeded again.\nIt was down for 2 h 12 min.`,
        );
      }
      expect(said(owner, silent.name)).toHaveLength(1);
    });

    it('that has failed says the end of what it said, as text', async () => {
      const log = `${'x'.repeat(2_000)}\n<b>pg_dump</b>: connection refused`;
      const failed = down({ why: 'failed', log });
      await notifier.publish(TaskDown, failed);
      const message = await saying(owner, failed.name);
      expect(message.text).toMatch(/^Backup \d+ has failed\./);
      expect(message.text).toContain('\n<b>pg_dump</b>: connection refused');
      expect(message.text.length).toBeLessThan(1_300);
    });

    it('without an owner, or with one who is not linked, reaches the admins at once', async () => {
      const nobodys = down({ owner: null, level: 'admins' });
      const strangers = down({ owner: 'zoe' });
      await notifier.publish(TaskDown, nobodys);
      await notifier.publish(TaskDown, strangers);
      expect((await saying(admin, nobodys.name)).text).toContain('(nobody owns it)');
      expect((await saying(admin, strangers.name)).text).toContain('Its owner is zoe.');
    });

    it('that is back already is not said to be down', async () => {
      const over = down();
      await recovered(over, 'success');
      await settled();
      await notifier.publish(TaskDown, over);
      await settled();
      expect(said(owner, over.name)).toEqual([]);
      const next = { ...over, trouble: over.trouble + 1 };
      await notifier.publish(TaskDown, next);
      await saying(owner, over.name);
    });
  });

  describe('of a release', () => {
    const release = (of: Partial<ReleaseReported> = {}): ReleaseReported => {
      things += 1;
      return {
        ...ReleaseReported.example,
        productId: null,
        releaseId: `run ${things}`,
        name: `Product ${things}`,
        ...of,
      };
    };

    it('is one message from its start to its end', async () => {
      const started = release({ version: 1, state: 'started', startedAt: '2026-11-27T08:00:00.000Z' });
      await notifier.publish(ReleaseReported, started);
      const message = await saying(admin, started.name);
      expect(message.text).toBe(`${started.name} v1.4.0 is being deployed to production.\nBy ada, commit 5f2c9a1.`);
      await notifier.publish(ReleaseReported, { ...started, version: 2, state: 'deployed' });
      const edited = await telegram.waitForEdit(message, ({ text }) => text.includes('was deployed'));
      expect(edited.text).toContain('By ada, commit 5f2c9a1, after 2 min.');
      await notifier.publish(ReleaseReported, started);
      await settled();
      expect(said(admin, started.name)).toHaveLength(1);
      expect(said(admin, started.name)[0]!.text).toContain('was deployed');
    });

    it('that went wrong is said anew, with what it said', async () => {
      const started = release({ version: 1, state: 'started' });
      await notifier.publish(ReleaseReported, started);
      const first = await saying(admin, started.name);
      await notifier.publish(ReleaseReported, { ...started, version: 2, state: 'failed', log: 'exit 1' });
      const second = await saying(admin, 'could not be deployed');
      expect(second.text).toContain('\nexit 1');
      await telegram.waitForEdit(first, ({ text }) => text.includes('see below'));
    });
  });

  it('of an address that takes nothing any more reaches the admins, each time', async () => {
    await notifier.publish(SubscriptionDisabled, SubscriptionDisabled.example);
    await notifier.publish(SubscriptionDisabled, SubscriptionDisabled.example);
    const message = await saying(admin, 'n8n is sent nothing any more');
    expect(message.text).toContain(
      'https://n8n.example.org has taken nothing since Sun 22 November 09:00: it answered 500.',
    );
    await settled();
    expect(said(admin, 'n8n is sent nothing')).toHaveLength(1);
    await notifier.publish(SubscriptionDisabled, { ...SubscriptionDisabled.example, version: 2 });
    await settled();
    expect(said(admin, 'n8n is sent nothing')).toHaveLength(2);
  });

  describe('of dead letters', () => {
    const letter = (of: Partial<LetterKept> = {}): LetterKept => {
      things += 1;
      const consumer = `scheduler.rule-${things}`;
      return { ...LetterKept.example, letterId: randomUUID(), service: 'scheduler', consumer, ...of };
    };
    const outcome = (letterId: string, reason: string | null): Promise<void> =>
      notifier.publish(LetterSettled, {
        letterId,
        service: 'scheduler',
        reason,
        by: 'carol',
        at: new Date().toISOString(),
      });
    const wanted = async (letterIds: string[]): Promise<LetterWanted[]> =>
      (await notifier.published(LetterWanted)).filter((wish) => wish.letterIds.some((id) => letterIds.includes(id)));

    it('is one message for all of a rule, whose button has them handled again', async () => {
      const one = letter();
      const two = letter({ consumer: one.consumer, at: '2026-11-27T02:00:13.000Z', reason: 'the second reason' });
      await notifier.publish(LetterKept, one);
      const rule = one.consumer.replace('scheduler.', '').replaceAll('-', ' ');
      const message = await saying(admin, `of ${rule} (scheduler)`);
      expect(message.text).toContain('1 dead letter of ');
      expect(message.buttons).toEqual(['Replay', 'Look']);
      await notifier.publish(LetterKept, two);
      const edited = await telegram.waitForEdit(message, ({ text }) => text.includes('2 dead letters'), 12_000);
      expect(edited.text).toContain('the second reason');
      admin.tap(edited, 'Replay 2');
      await eventually(async () => {
        const [wish] = await wanted([one.letterId]);
        expect(wish).toMatchObject({ service: 'scheduler', letterIds: [one.letterId, two.letterId], by: 'carol' });
      });
      await outcome(one.letterId, null);
      await outcome(two.letterId, null);
      await telegram.waitForEdit(message, ({ text }) => text.endsWith('are handled, replayed by Carol.'), 12_000);
      expect(said(admin, rule)).toHaveLength(1);
    }, 40_000);

    it('is said again of a rule whose letters were all handled, when there is a new one', async () => {
      const one = letter();
      await notifier.publish(LetterKept, one);
      const first = await saying(admin, `of ${one.consumer.replace('scheduler.', '').replaceAll('-', ' ')}`);
      await outcome(one.letterId, null);
      await telegram.waitForEdit(first, ({ text }) => text.includes('is handled'), 12_000);
      await notifier.publish(LetterKept, letter({ consumer: one.consumer }));
      await eventually(() => {
        expect(said(admin, one.consumer.replace('scheduler.', '').replaceAll('-', ' '))).toHaveLength(2);
        return Promise.resolve();
      });
    }, 30_000);

    it('goes on where a replay has failed again', async () => {
      const one = letter();
      await notifier.publish(LetterKept, one);
      const message = await saying(admin, `of ${one.consumer.replace('scheduler.', '').replaceAll('-', ' ')}`);
      await outcome(one.letterId, 'still wrong');
      await notifier.publish(LetterKept, { ...one, at: new Date().toISOString(), reason: 'still wrong' });
      await telegram.waitForEdit(message, ({ text }) => text.includes('still wrong'), 12_000);
    }, 20_000);

    it('is not said of a letter that was handled before anybody heard of it', async () => {
      const one = letter();
      await outcome(one.letterId, null);
      await settled();
      await notifier.publish(LetterKept, one);
      await settled();
      expect(said(admin, one.consumer.replace('scheduler.', '').replaceAll('-', ' '))).toEqual([]);
    });

    it('has a button that only admins may press', async () => {
      const one = letter();
      await notifier.publish(LetterKept, one);
      const message = await saying(admin, `of ${one.consumer.replace('scheduler.', '').replaceAll('-', ' ')}`);
      const data = message.keyboard[0]![0]!.callback_data!;
      const answer = await owner.press(owner.messages[0]!, data).answer();
      expect(answer).toMatchObject({ text: 'Only admins can do this.', showAlert: true });
      await settled();
      expect(await wanted([one.letterId])).toEqual([]);
    });

    it('is one message for a hundred of them', async () => {
      const first = letter();
      const many = Array.from({ length: 100 }, () => letter({ consumer: first.consumer }));
      await Promise.all(many.map((each) => notifier.publish(LetterKept, each)));
      await settled();
      const rule = first.consumer.replace('scheduler.', '').replaceAll('-', ' ');
      const [message, ...others] = said(admin, rule);
      expect(others).toEqual([]);
      expect(message!.text).toContain('100 dead letters');
    }, 40_000);
  });
});
