import { AlertAcknowledged, AlertRaised, PersonLinked, ProductRegistered } from '@recert/contracts';
import { carol, eventually, mallory, startFakeTelegram, testDatabase } from '@recert/testing';
import { type ChatMessage, type FakeTelegram, type FakeUser, type TestDatabase } from '@recert/testing';
import { newAlert, raise, resolve } from '../../alert-fixture';
import { startNotifier, type NotifierUnderTest } from '../../notifier-fixture';
import { invitationOf } from '../../telegram-fixture';

const BUTTONS = ['Acknowledge', 'Snooze 1 h', 'Snooze 4 h', 'Snooze until it recovers', 'Resolve', 'Open'];

describe('alerts in Telegram', () => {
  let database: TestDatabase;
  let telegram: FakeTelegram;
  let notifier: NotifierUnderTest;
  let admin: FakeUser;

  const linkAs = async (handle: string, user: FakeUser, roles: ('admin' | 'owner')[]): Promise<void> => {
    const { code, invitation } = invitationOf();
    await notifier.person(handle, { roles, invitation });
    user.start(code);
    await telegram.waitForMessage(user.id, ({ text }) => text.startsWith('You are linked'));
  };
  const shown = (title: string, where: { id: number } = admin): Promise<ChatMessage> =>
    telegram.waitForMessage(where.id, ({ text }) => text.includes(title), 10_000);
  const now = (message: ChatMessage, fits: (one: ChatMessage) => boolean): Promise<ChatMessage> =>
    telegram.waitForMessage(message.chatId, (one) => one.id === message.id && fits(one), 10_000);
  const says = (what: string) => (message: ChatMessage) => message.text.includes(what);
  const product = (of: Partial<ProductRegistered> = {}): Promise<void> =>
    notifier.publish(ProductRegistered, { ...ProductRegistered.example, name: 'Lugha', admins: [], ...of });
  const registered = (): Promise<unknown[]> => notifier.query('select chat_id from admin_group');
  const learned = (id: string): Promise<void> =>
    eventually(async () => expect(await notifier.query('select 1 from alert where id = $1', [id])).toHaveLength(1));

  beforeEach(async () => {
    database = await testDatabase();
    telegram = await startFakeTelegram();
    notifier = await startNotifier(database.url, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      ORG_TIMEZONE: 'Europe/Berlin',
    });
    admin = telegram.user(carol);
    await linkAs('carol', admin, ['admin']);
    await product();
    await eventually(async () => expect(await notifier.query('select 1 from product')).toHaveLength(1));
  }, 20_000);

  afterEach(async () => {
    expect(telegram.floods).toEqual([]);
    await notifier.stop();
    await telegram.stop();
    await database.drop();
  });

  it('are told to the first who is linked, where nobody could be told before, and to nobody a second time', async () => {
    await notifier.query('update person set user_id = null, chat_id = null');
    const alert = newAlert({ title: 'Checkout fails', severity: 'critical' });
    await notifier.publish(AlertRaised, alert);
    await notifier.publish(AlertRaised, newAlert({ title: 'It is over', status: 'acknowledged' }));
    await learned(alert.alertId);
    const owner = telegram.user({ id: 4_001, firstName: 'Ada' });
    await linkAs('ada', owner, ['owner']);
    const second = telegram.user({ id: 4_002, firstName: 'Dan' });
    await linkAs('dan', second, ['admin']);
    const message = await shown('Checkout', second);
    await resolve(notifier, await raise(notifier, alert, { count: 2 }));
    await now(message, says('Over after'));
    const third = telegram.user({ id: 4_003, firstName: 'Eve' });
    await linkAs('eve', third, ['admin']);
    await eventually(async () => {
      const consumer = 'notifier.show-open-alerts-when-somebody-is-linked';
      const handled = await notifier.query('select 1 from inbox where consumer = $1', [consumer]);
      expect(handled).toHaveLength((await notifier.published(PersonLinked)).length);
    });
    const told = [admin, owner, second, third].map((one) =>
      one.messages.filter(({ text }) => /Checkout|It is/.test(text)),
    );
    expect(told.map(({ length }) => length)).toEqual([0, 0, 1, 0]);
  });

  it('are one message, which counts on, is taken by somebody, and ends with its duration and without buttons', async () => {
    const link = 'https://acme.sentry.io/issues/7/';
    let alert = newAlert({ title: 'Checkout <b>fails</b>', detail: 'Status 503.', severity: 'critical', link });
    await notifier.publish(AlertRaised, alert);
    const message = await shown('Checkout');
    expect(message.text).toBe(
      '🔴 Critical · Lugha\nCheckout <b>fails</b>\nStatus 503.\n\nOnce, since 2026-11-21 10:12.\nNobody has taken it yet.',
    );
    expect(message.buttons).toEqual(BUTTONS);
    for (let count = 2; count <= 51; count += 1) alert = await raise(notifier, alert, { count });
    const counted = await now(message, says('51 times since'));
    expect(counted.edits.length).toBeLessThanOrEqual(2);

    const press = admin.tap(counted, 'Acknowledge');
    expect(await press.answer()).toMatchObject({ text: 'Noted', showAlert: false });
    expect(await notifier.published(AlertAcknowledged)).toMatchObject([
      { alertId: alert.alertId, action: 'acknowledge', until: null, by: 'carol', channel: 'telegram' },
    ]);
    expect((await admin.tap(counted, 'Acknowledge').answer()).text).toBe('Carol has pressed this already.');
    const acknowledged = { status: 'acknowledged', acknowledgedBy: 'carol', acknowledgedAt: alert.lastAt } as const;
    alert = await raise(notifier, alert, acknowledged);
    const taken = await now(message, says('Acknowledged by Carol.'));
    expect(taken.buttons).toEqual(BUTTONS.slice(1));
    await resolve(notifier, alert);
    const over = await now(message, says('Over after 30 min.'));
    expect(over.buttons).toEqual([]);
    const late = admin.press(over, counted.keyboard[0]![0]!.callback_data!);
    expect(await late.answer()).toMatchObject({ text: 'This alert is over already.', showAlert: true });
    await raise(notifier, alert, { version: 2, count: 2 });
    expect(await notifier.published(AlertAcknowledged)).toHaveLength(1);
    expect(admin.messages.filter(says('Checkout'))).toHaveLength(1);
  }, 30_000);

  it('are pressed by admins and the people of the product only', async () => {
    const [stranger, owner] = [telegram.user(mallory), telegram.user({ id: 71, firstName: 'Ada' })];
    const group = telegram.group({ title: 'Operations', type: 'supergroup' });
    group.addBot(admin);
    group.send(stranger, '/admins here');
    await shown('Only an admin of Recert', group);
    expect(await registered()).toEqual([]);
    await linkAs('ada', owner, ['owner']);
    const topic = group.openTopic();
    group.send(admin, '/admins here', topic);
    expect((await shown('Alerts and KPIs are told here', group)).topicId).toBe(topic);
    const alert = newAlert();
    await notifier.publish(AlertRaised, alert);
    const message = await shown(alert.title, group);
    expect(message.topicId).toBe(topic);
    expect(admin.messages.filter(says(alert.title))).toEqual([]);
    expect(await stranger.tap(message, 'Resolve').answer()).toMatchObject({ showAlert: true });
    expect(await notifier.published(AlertAcknowledged)).toEqual([]);
    expect((await owner.tap(message, 'Snooze 4 h').answer()).text).toBe('Noted');
    const [wish] = await notifier.published(AlertAcknowledged);
    expect(wish).toMatchObject({ action: 'snooze', by: 'ada' });
    expect(new Date(wish!.until!).getTime() - new Date(wish!.at).getTime()).toBe(4 * 3_600_000);
    const snooze = { status: 'snoozed', acknowledgedBy: 'ada', snoozedUntil: '2026-11-21T14:00:00.000Z' } as const;
    await raise(notifier, alert, snooze);
    await now(message, says('Snoozed until 2026-11-21 15:00, by Ada.'));
    group.send(admin, '/alerts', topic);
    await shown('1 alert is open:\n🟠 Lugha: The queue is long (since 2026-11-21 10:12, snoozed)', group);
    group.send(admin, '/status');
    await shown('1 alert is open.', group);
    group.send(admin, '/admins off');
    await shown('Nothing is told here any more.', group);
    expect(await registered()).toEqual([]);
  }, 40_000);

  it('are raised again as a new message, to which the older one points, and at last to everybody', async () => {
    const own = telegram.user({ id: 72, firstName: 'Dave' });
    await linkAs('dave', own, ['owner']);
    await product({ version: 2, admins: ['dave'] });
    await eventually(async () =>
      expect(await notifier.query("select 1 from product where 'dave' = any (admins)")).toHaveLength(1),
    );
    let alert = newAlert({ title: 'Disk is full' });
    await notifier.publish(AlertRaised, alert);
    const first = await shown('Disk is full', own);
    alert = await raise(notifier, alert, { level: 2 });
    const older = await now(first, says('Raised again below.'));
    expect(older.buttons).toEqual([]);
    const second = await telegram.waitForMessage(own.id, (one) => one.id > first.id && says('Disk is full')(one));
    expect(admin.messages.filter(says('Disk is full'))).toEqual([]);
    alert = await raise(notifier, alert, { level: 3 });
    await shown('Disk is full', admin);
    await now(second, says('Raised again below.'));
    await resolve(notifier, alert, { resolvedBy: 'carol' });
    await now(await shown('Disk is full', admin), says('resolved by Carol'));
  }, 30_000);

  it('that an outage explains are only counted by it', async () => {
    const outage = newAlert({ title: 'Lugha is down', kind: 'uptime', severity: 'critical' });
    await notifier.publish(AlertRaised, outage);
    const message = await shown('Lugha is down');
    const held = Array.from({ length: 12 }, (_, n) =>
      newAlert({ title: `Error ${n}`, heldBy: outage.alertId, level: 0 }),
    );
    for (const alert of held) await notifier.publish(AlertRaised, alert);
    await now(message, says('And 12 errors of the same product are held back.'));
    expect(admin.messages.filter(says('Error'))).toEqual([]);
    await resolve(notifier, outage);
    await now(message, says('Over after'));
    await raise(notifier, held[0]!, { heldBy: null, level: 1 });
    await shown('Error 0');
  }, 30_000);

  it('follow a group that moves, and come in private when the group is lost', async () => {
    const group = telegram.group({ title: 'Ops <i>', type: 'group' });
    group.addBot(admin);
    group.send(admin, '/admins here');
    await shown('Alerts and KPIs are told here', group);
    let alert = newAlert({ title: 'Before the move' });
    await notifier.publish(AlertRaised, alert);
    await shown('Before the move', group);
    group.migrate(admin);
    await eventually(async () => expect(await registered()).toEqual([{ chat_id: String(group.id) }]));
    await notifier.publish(AlertRaised, newAlert({ title: 'After the move' }));
    await shown('After the move', group);
    alert = await raise(notifier, alert, { count: 2 });
    await resolve(notifier, alert);
    await shown('Over after', group);
    group.removeBot(admin);
    await shown('The group Ops <i> hears of nothing any more');
    await notifier.publish(AlertRaised, newAlert({ title: 'In private' }));
    await shown('In private');
    admin.send('/alerts');
    await shown('2 alerts are open:');
    admin.send('/status');
    await shown('2 alerts are open.');
  }, 40_000);

  it('and KPIs are shown to admins who ask, and to nobody else', async () => {
    const stranger = telegram.user(mallory);
    for (const command of ['/alerts', '/kpis']) stranger.send(command);
    await eventually(() => expect(stranger.messages.filter(says('Only an admin of Recert'))).toHaveLength(2));
    admin.send('/kpis');
    await shown('No KPIs were received yet.');
    admin.send('/help');
    expect((await shown('/due: what waits')).text).toMatch(/\/alerts: .*\n\/kpis: /);
    admin.send('/admins here');
    await shown('send /admins here in it');
    expect(await registered()).toEqual([]);
    admin.send('/alerts');
    await shown('No alert is open.');
  }, 20_000);

  it('drop a group that refuses what is sent there', async () => {
    const group = telegram.group({ title: 'Refusing', type: 'supergroup' });
    group.addBot(admin);
    group.send(admin, '/admins here');
    await shown('Alerts and KPIs are told here', group);
    telegram.fail('sendMessage', { error: 'kicked', chatId: group.id });
    const alert = newAlert();
    await notifier.publish(AlertRaised, alert);
    await shown('The group Refusing hears of nothing any more');
    expect(await registered()).toEqual([]);
    admin.send('/alerts');
    await shown('1 alert is open:');
  }, 20_000);

  it('are told once however late what was said first comes', async () => {
    const first = newAlert({ title: 'Out of order' });
    await raise(notifier, first, { count: 2 });
    await learned(first.alertId);
    expect(admin.messages.filter(says('Out of order'))).toEqual([]);
    await notifier.publish(AlertRaised, first);
    expect((await shown('Out of order')).text).toContain('2 times since');
  });
});

describe('alerts without Telegram', () => {
  it('are kept', async () => {
    const database = await testDatabase();
    const notifier = await startNotifier(database.url);
    const alert = newAlert();
    await notifier.publish(AlertRaised, alert);
    const version2 = await raise(notifier, alert, { level: 3 });
    await resolve(notifier, version2);
    await eventually(async () =>
      expect(await notifier.query('select status from alert')).toEqual([{ status: 'resolved' }]),
    );
    expect(await notifier.query('select 1 from delivery')).toEqual([]);
    expect(await notifier.query('select 1 from dead_letter')).toEqual([]);
    await notifier.stop();
    await database.drop();
  }, 20_000);
});
