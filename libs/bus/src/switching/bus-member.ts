import { BusMember, BusRefill, BusRefilled, BusSwitching, type MemberPhase } from '@recert/contracts';
import { type EventServer } from '../event-server';
import { type Delivery } from '../on-event.decorator';
import { done, type Outcome, retry } from '../outcome';
import { type ServiceDatabase } from '../service-database';
import { type Tx } from '../transaction';
import { type BusLog } from '../transport';
import { WakeSignal } from '../wake-signal';
import { type Carriage } from './carriage';
import { countEvents } from './counting';
import { leaveStore } from './leave-store';
import { advanced, finished, left, type MemberState, routeOf, taskOf, type UnderWay } from './member-state';
import { lockMemberState, nextReport, readMemberState, takeOrder, writeMemberState } from './member-table';
import { SwitchSteps } from './switch-steps';

const DAY_MS = 86_400_000;
const EARLY_MS = 500;

export interface MemberOptions {
  /** How often it looks at the table while no switch is under way: another process of the service may have begun one. */
  readonly idleMs?: number;
  /** How often while one is under way. */
  readonly busyMs?: number;
  /** After which an old transport that is away while it is emptied is given up, and its events are published again. */
  readonly patienceMs?: number;
}

/** What a service takes from the bus to be a member of it: orders to switch, and wishes for a refill. */
export function memberConsumers(service: string) {
  return [
    { durable: `${service}.take-step-when-bus-is-switched`, event: BusSwitching },
    { durable: `${service}.publish-again-when-refill-is-wanted`, event: BusRefill },
  ] as const;
}

/**
 * One service as a member of the bus: hears how far a switch has come, takes the next step, and tells how far it is. All
 * that it knows is in its own table, so that a process that was killed goes on where it was.
 */
export class BusMembership {
  private readonly signal = new WakeSignal();
  private readonly database: ServiceDatabase;
  private readonly steps: SwitchSteps;
  private readonly home: string;
  private readonly idleMs: number;
  private readonly busyMs: number;
  private running: Promise<void> = Promise.resolve();
  private announcing: NodeJS.Timeout | undefined;
  private stopped = false;
  private endWaiting: () => void = () => undefined;
  private readonly stopping = new Promise<void>((resolve) => (this.endWaiting = resolve));
  private counted: number | null = null;

  constructor(
    private readonly events: EventServer,
    private readonly carriage: Carriage,
    private readonly log: BusLog,
    { idleMs = 5_000, busyMs = 200, patienceMs = 60_000 }: MemberOptions = {},
  ) {
    this.database = carriage.database;
    this.home = events.ways.home;
    this.steps = new SwitchSteps(carriage, events.ways, log, patienceMs);
    this.idleMs = idleMs;
    this.busyMs = busyMs;
  }

  start(): void {
    const { service } = this.database;
    const [orders, refills] = memberConsumers(service);
    this.events.follow({
      ...orders,
      concurrency: 1,
      handle: (order, delivery) => this.obey(order as BusSwitching, delivery),
    });
    this.events.follow({
      ...refills,
      concurrency: 1,
      handle: (wanted, delivery) => this.refill(wanted as BusRefill, delivery),
    });
    this.announcing = setInterval(() => void this.announce(), DAY_MS).unref();
    this.running = this.run();
  }

  /** Before its database closes. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.endWaiting();
    clearInterval(this.announcing);
    this.signal.wake();
    await this.running;
  }

  private async obey(order: BusSwitching, { tx }: Delivery): Promise<Outcome> {
    if ((await takeOrder(tx.db, order, this.home)) === 'early')
      return retry(EARLY_MS, 'the end of the switch before it has not been heard yet');
    tx.afterCommit(() => this.signal.wake());
    return done;
  }

  private async refill({ refillId, since }: BusRefill, { tx }: Delivery): Promise<Outcome> {
    const { service } = this.database;
    const events = await this.carriage.relay.republishSince(new Date(since), tx);
    tx.publish(BusRefilled, { refillId, service, events, at: new Date().toISOString() });
    return done;
  }

  private async announce(): Promise<void> {
    await this.database
      .transaction(async (tx) => this.tell(tx, await lockMemberState(tx.db, this.home)))
      .catch((error: unknown) => this.log.warn('bus: could not announce the service', { error: String(error) }));
  }

  private async run(): Promise<void> {
    await Promise.race([this.carriage.started, this.stopping]);
    if (!this.stopped) await this.announce();
    while (!this.stopped) {
      let isBusy = true;
      try {
        isBusy = await this.look();
      } catch (error) {
        this.log.warn('bus: a step of the switch failed, will try again', { error: String(error) });
      }
      if (!this.stopped) await this.signal.wait(isBusy ? this.busyMs : this.idleMs);
    }
  }

  /** @returns whether a switch is under way */
  private async look(): Promise<boolean> {
    const state = await readMemberState(this.database, this.home);
    await this.carriage.follow(state);
    if (state.underWay === null) return false;
    await this.step(state, state.underWay);
    return true;
  }

  private async step(state: MemberState, underWay: UnderWay): Promise<void> {
    const task = taskOf(underWay);
    const { order } = underWay;
    if (task === 'count') return this.count(state, underWay);
    if (task === 'leave') return this.change(order, (now) => left(now));
    if (task === 'finish') return this.finish(underWay);
    if (task === 'wait') return;
    const change = await this.steps[task](state.address ?? this.home, underWay);
    if (change !== null) await this.change(order, (now) => advanced(now, change));
  }

  /** Nobody has waited for a service that is no member: what it has put on the old transport is published again. */
  private async finish({ order, flippedAt, newStore }: UnderWay): Promise<void> {
    const { service } = this.database;
    const { id } = await this.carriage.at(order.to).lineage();
    if (order.members.includes(service)) await leaveStore(this.database, flippedAt, [id, newStore ?? id]);
    this.log.info('bus: switched', { service, to: order.to });
    await this.change(order, (now) => finished(now, this.home));
  }

  /** Once for each step that wants it. */
  private async count(state: MemberState, { order }: UnderWay): Promise<void> {
    const turn = order.generation * 1_000_000 + order.step;
    if (this.counted === turn || order.until === null) return;
    const counts = await countEvents(this.database, this.carriage.durables, { since: order.since, until: order.until });
    await this.database.transaction(async (tx) => this.tell(tx, state, counts));
    this.counted = turn;
  }

  /** Writes and tells in one transaction; not where another process of the service, or another order, was faster. */
  private async change(order: BusSwitching, change: (now: MemberState) => MemberState): Promise<void> {
    await this.database.transaction(async (tx) => {
      const now = await lockMemberState(tx.db, this.home);
      if (now.underWay?.order.generation !== order.generation || now.underWay.order.step !== order.step) return;
      const next = change(now);
      await writeMemberState(tx.db, next);
      await this.tell(tx, next);
    });
    this.signal.wake();
  }

  private async tell(tx: Tx, state: MemberState, counts?: Pick<BusMember, 'published' | 'handled'>): Promise<void> {
    const { underWay } = state;
    tx.publish(BusMember, {
      service: this.database.service,
      report: await nextReport(tx.db),
      generation: state.generation,
      transport: underWay === null ? routeOf(state, this.home).publish : this.carriage.publishesOn,
      switching: underWay?.order.generation ?? null,
      step: underWay?.order.step ?? null,
      phase: phaseOf(underWay, counts !== undefined),
      store: underWay?.newStore ?? null,
      problem: underWay?.problem ?? null,
      backlog: underWay === null ? null : this.steps.backlog,
      published: counts?.published ?? {},
      handled: counts?.handled ?? [],
      at: new Date().toISOString(),
    });
  }
}

function phaseOf(underWay: UnderWay | null, isCounted: boolean): MemberPhase {
  if (underWay === null) return 'idle';
  return isCounted ? 'counted' : underWay.reached;
}
