/**
 * The life of alerts as people live with it, against the real way in which signs, presses and time change them. The
 * model knows a few promises, and none of the rules by which they are kept.
 */
import fc from 'fast-check';
import { type Delivery, type ServiceDatabase, type Tx } from '@recert/bus';
import { AlertAcknowledged, AlertRaised, AlertResolved, type EventContract } from '@recert/contracts';
import { MovableClock } from '@recert/testing';
import { type Sign } from '../sources/sign';
import { type Alert, UNHEARD_MS } from './alert';
import { MINUTE, signOf, START } from './alert-examples';
import { AlertsInMemory } from './alerts-in-memory';
import { ApplyPressWhenAlertIsAcknowledged } from './apply-press-when-alert-is-acknowledged';
import { ApplySigns } from './apply-signs';
import { ChangeAlert } from './change-alert';
import { RaiseAgainWhenNobodyAcknowledges } from './raise-again-when-nobody-acknowledges';

interface Word {
  readonly data: AlertRaised | AlertResolved;
  readonly isOver: boolean;
}

/** The relay without a database: its own classes around a table in memory. */
class Relay {
  readonly clock = new MovableClock(START);
  readonly table = new AlertsInMemory();
  readonly words: Word[] = [];
  private readonly tx = {
    db: {},
    publish: (event: EventContract, data: unknown) => this.note(event, data),
    afterCommit: () => undefined,
  } as unknown as Tx;
  private readonly change: ChangeAlert;
  private readonly signs: ApplySigns;
  private readonly presses: ApplyPressWhenAlertIsAcknowledged;
  private readonly timer: RaiseAgainWhenNobodyAcknowledges;

  constructor() {
    const [alerts, clock] = [this.table as never, this.clock as never];
    const products = { ofIds: async () => 'lugha', ofSentryProjects: async () => 'lugha' } as never;
    this.change = new ChangeAlert(alerts, { expect: () => undefined } as never, clock);
    this.signs = new ApplySigns(alerts, this.change, products, { append: async () => undefined } as never);
    this.presses = new ApplyPressWhenAlertIsAcknowledged(alerts, this.change);
    const database = { transaction: (work: (tx: Tx) => Promise<number>) => work(this.tx) };
    this.timer = new RaiseAgainWhenNobodyAcknowledges(database as unknown as ServiceDatabase, alerts, clock);
  }

  async sign(sign: Sign): Promise<void> {
    const origin = { source: 'sentry', hookId: null, receivedAt: this.clock.now(), productId: null };
    await this.signs.apply(this.tx, origin, [sign]);
  }

  async press(press: AlertAcknowledged): Promise<void> {
    await this.presses.handle(press, { tx: this.tx, attributes: {}, deliveries: 1 } as unknown as Delivery);
  }

  async tick(): Promise<void> {
    await this.timer.run();
  }

  newest(key: string): Alert | null {
    return this.table.all().findLast((alert) => alert.key === key) ?? null;
  }

  private note(event: EventContract, data: unknown): void {
    const isOver = event.subject === AlertResolved.subject;
    this.words.push({ data: event.schema.parse(data) as AlertRaised, isOver });
  }
}

/** What somebody who only listens holds against the relay. */
class Listener {
  /** The last word of each alert. */
  readonly heard = new Map<string, Word>();
  private read = 0;

  listen({ words, table }: Relay): void {
    for (; this.read < words.length; this.read += 1) this.hear(words[this.read]!);
    for (const alert of table.all()) this.look(alert, table);
  }

  private hear(word: Word): void {
    const { alertId, version, status } = word.data;
    const before = this.heard.get(alertId);
    must(version === (before?.data.version ?? 0) + 1, `version ${(before?.data.version ?? 0) + 1}, it is ${version}`);
    must(!before?.isOver, 'over for ever once it is over');
    must(word.isOver === (status === 'resolved'), 'resolved if it is said to be, and only then');
    if (word.isOver) must(word.data.snoozedUntil === null, 'either over or snoozed');
    if (before === undefined) must(status === 'firing' && word.data.snoozedUntil === null, 'loud when it begins');
    if ('level' in word.data && word.data.level > 0) must(status === 'firing', 'firing when it is said aloud');
    this.heard.set(alertId, word);
  }

  private look(alert: Alert, table: AlertsInMemory): void {
    const said = this.heard.get(alert.id)?.data;
    must(said?.version === alert.version && said.status === alert.status, 'as it was said last');
    if (alert.status === 'resolved') return;
    const open = table.all().filter(({ key, status }) => key === alert.key && status !== 'resolved');
    must(open.length === 1, 'the only one of its key that is open');
    // Whoever is silent because of an outage is silent no longer than it lasts.
    if (alert.heldBy !== null) must(table.rows.get(alert.heldBy)?.status !== 'resolved', 'held by what goes on');
  }
}

/** Cheaper by far than `expect` for what is asked a million times. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`It must be ${what}`);
}

type Command = fc.AsyncCommand<Listener, Relay>;
const always = () => true;
const quiet = ['acknowledged', 'snoozed'];

class Said implements Command {
  readonly check = always;

  constructor(
    private readonly sign: Partial<Sign> & Pick<Sign, 'key' | 'status' | 'kind'>,
    private readonly minutesAgo: number | null,
    private readonly times: number,
  ) {}

  async run(listener: Listener, relay: Relay): Promise<void> {
    const now = relay.clock.now();
    const at = this.minutesAgo === null ? null : new Date(now.getTime() - this.minutesAgo * MINUTE);
    const before = relay.newest(this.sign.key);
    await relay.sign(signOf({ ...this.sign, at }));
    listener.listen(relay);
    const after = relay.newest(this.sign.key);
    this.judge(before, after, at ?? now);
    for (let time = 1; time < this.times; time += 1) {
      await relay.sign(signOf({ ...this.sign, at }));
      listener.listen(relay);
      const again = relay.newest(this.sign.key);
      must(again?.id === after?.id && again?.status === after?.status, 'the same when its source says it twice');
    }
  }

  private judge(before: Alert | null, after: Alert | null, at: Date): void {
    const { status, severity, again } = this.sign;
    const wasOpen = before !== null && before.status !== 'resolved';
    if (status === 'firing' && !wasOpen && (before === null || at >= before.signAt))
      must(after?.status === 'firing' && after.id !== before?.id, 'another one when it fires');
    if (!wasOpen || after === null) return;
    if (status === 'resolved') must(at < before.signAt || after.status === 'resolved', 'over when it recovers');
    if (status === 'firing' && after.id === before.id) must(after.count === before.count + 1, 'counted');
    if (status === 'note') must(after === before, 'what it was before a note');
    const isBroken = quiet.includes(before.status) && after.id === before.id && after.status === 'firing';
    const isWorse = severity === 'critical' && before.severity !== 'critical';
    if (isBroken) must(status === 'firing' && (isWorse || again === true), 'quiet until it is worse or begins again');
  }

  toString(): string {
    return `said(${JSON.stringify(this.sign)}, ${this.minutesAgo} minutes ago) x ${this.times}`;
  }
}

class Pressed implements Command {
  constructor(
    private readonly key: string,
    private readonly action: AlertAcknowledged['action'],
    private readonly minutes: number | null,
    private readonly times: number,
  ) {}

  readonly check = always;

  async run(listener: Listener, relay: Relay): Promise<void> {
    const before = relay.newest(this.key);
    if (before === null) return;
    const now = relay.clock.now();
    const until = this.minutes === null ? null : new Date(now.getTime() + this.minutes * MINUTE).toISOString();
    const press = { action: this.action, until, by: 'carol', channel: 'telegram', at: now.toISOString() } as const;
    for (let time = 0; time < this.times; time += 1) {
      await relay.press({ ...press, alertId: before.id });
      listener.listen(relay);
      this.judge(before, relay.newest(this.key)!, now);
    }
  }

  private judge(before: Alert, after: Alert, now: Date): void {
    must(after.id === before.id, 'the same alert after a press');
    if (before.status === 'resolved') return must(after === before, 'over, whatever is pressed');
    if (this.action === 'resolve') return must(after.status === 'resolved', 'over when somebody says so');
    if (this.action === 'acknowledge') return must(after.status === 'acknowledged', 'acknowledged');
    const isLate = this.minutes !== null && this.minutes <= 0;
    if (isLate) return must(after === before, 'what it was before a snooze that is over');
    must(after.status === 'snoozed' && (after.snoozedUntil === null || after.snoozedUntil > now), 'snoozed');
  }

  toString(): string {
    return `pressed(${this.action} ${this.key}, ${this.minutes}) x ${this.times}`;
  }
}

class Waited implements Command {
  readonly check = always;
  constructor(private readonly minutes: number) {}

  async run(listener: Listener, relay: Relay): Promise<void> {
    const before = relay.table.all();
    relay.clock.advance(this.minutes * MINUTE);
    await relay.tick();
    listener.listen(relay);
    const now = relay.clock.now();
    for (const was of before) this.judge(was, relay.table.rows.get(was.id)!, now);
    await relay.tick();
    must(
      relay.table.all().every((alert) => alert.saidAt === null || alert.saidAt <= now),
      'said in its time',
    );
  }

  private judge(was: Alert, is: Alert, now: Date): void {
    const { snoozedUntil: until } = is;
    if (was.status !== 'snoozed') must(is.status === was.status, 'what it was: time alone ends nothing but a snooze');
    must(until === null || until > now, 'snoozed no longer than was said');
    const isAlone = is.status === 'firing' && is.severity === 'critical' && is.heldBy === null && is.level < 3;
    if (isAlone) must(is.saidAt !== null && now.getTime() - is.saidAt.getTime() < UNHEARD_MS, 'said again in time');
    if (quiet.includes(was.status) && is.status === was.status) must(is.level === was.level, 'as loud as before');
  }

  toString(): string {
    return `waited(${this.minutes})`;
  }
}

const keys = [
  { key: 'site', kind: 'uptime' },
  { key: 'crash', kind: 'error' },
  { key: 'leak', kind: 'error' },
] as const;
const times = fc.integer({ min: 1, max: 5 });
const minutes = fc.integer({ min: -5, max: 60 });
const signs = fc
  .record({
    what: fc.constantFrom(...keys),
    status: fc.constantFrom('firing', 'firing', 'firing', 'resolved', 'acknowledged', 'snoozed', 'note'),
    severity: fc.constantFrom('critical', 'critical', 'warning', 'info', null),
    isAgain: fc.boolean(),
    minutesAgo: fc.option(fc.integer({ min: -5, max: 40 })),
    times,
  } as const)
  .map(({ what, status, severity, isAgain, minutesAgo, times: n }) => {
    const again = isAgain && status === 'firing' ? { again: true as const } : {};
    return new Said({ ...what, status, severity, ...again }, minutesAgo, n);
  });
const presses = fc
  .tuple(
    fc.constantFrom(...keys),
    fc.constantFrom('acknowledge', 'snooze', 'snooze', 'resolve'),
    fc.option(minutes),
    times,
  )
  .map(([{ key }, action, until, n]) => new Pressed(key, action, until, n));
const waits = fc.integer({ min: 1, max: 40 }).map((n) => new Waited(n));

describe('the life of alerts', () => {
  it('keeps its promises after any hundred signs, presses and waits, each said one to five times', async () => {
    const { numRuns = 1000 } = fc.readConfigureGlobal();
    await fc.assert(
      fc.asyncProperty(fc.commands([signs, presses, waits], { maxCommands: 100, size: 'max' }), async (list) => {
        await fc.asyncModelRun(() => ({ model: new Listener(), real: new Relay() }), list);
      }),
      { numRuns },
    );
  });
});
