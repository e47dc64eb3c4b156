import { OutboxRefill } from '../outbox-refill';
import { type BusLog } from '../transport';
import { type Carriage } from './carriage';
import { type Carriers } from './carriers';
import { type UnderWay } from './member-state';

const TELL_MS = 2_000;

/** What a step has brought about; null when there is nothing to tell yet. */
type Change = Partial<Omit<UnderWay, 'order'>> | null;

/** The steps of one service from one transport to the other; each may be tried any number of times. */
export class SwitchSteps {
  /** What the old transport held at the last look; null where nobody has looked. */
  backlog: number | null = null;
  private generation = 0;
  private emptyLooks = 0;
  private awaySince: number | null = null;
  private told: string | null = null;
  private lookedAt: number | null = null;

  constructor(
    private readonly carriage: Carriage,
    private readonly carriers: Carriers,
    private readonly log: BusLog,
    private readonly patienceMs: number,
  ) {}

  private begin(generation: number): void {
    this.generation = generation;
    this.backlog = this.awaySince = this.told = this.lookedAt = null;
    this.emptyLooks = 0;
  }

  /** Joined is who has looked at the new store, and whose consumers all take from it. */
  async join(from: string, { order }: UnderWay): Promise<Change> {
    if (this.generation !== order.generation) this.begin(order.generation);
    const why = from === order.to ? `it is on ${from} already` : this.carriers.whyNot(order.to);
    if (why !== null) return { reached: 'refused', problem: why };
    const { ok, detail } = this.carriage.at(order.to).health();
    if (!ok || !this.carriage.takesFrom(order.to)) return this.trouble(ok ? 'not all consumers are there yet' : detail);
    const [oldStore, newStore] = await this.storesOf(from, order.to);
    if (oldStore === newStore) return { reached: 'refused', problem: `${order.to} is the store that it is on already` };
    this.told = this.lookedAt = null;
    return { reached: 'joined', oldStore, newStore, problem: null };
  }

  /** Flipped is who publishes nothing more on the old transport, and has marked what lies there. */
  async flip(_from: string, { order }: UnderWay): Promise<Change> {
    if (this.carriage.publishesOn !== order.to) return null;
    this.backlog = null;
    this.emptyLooks = 0;
    // Marks are times of the database, which has microseconds.
    const [row] = await this.carriage.database.query<{ at: Date }>(`select now() + interval '1 ms' as at`);
    return { reached: 'flipped', flippedAt: row!.at.toISOString(), problem: null };
  }

  /**
   * Drained is whose consumers the old transport holds nothing for, at two looks. Where it is away for long, what lies in
   * it is published again on the new one: the inboxes know what was handled.
   */
  async drain(from: string, { order, oldStore, problem }: UnderWay): Promise<Change> {
    if (from === order.to) return this.drained({ problem });
    const transport = this.carriage.at(from);
    if (!transport.health().ok) {
      this.awaySince ??= performance.now();
      if (performance.now() - this.awaySince < this.patienceMs) return null;
      this.log.warn('bus: the old transport is away, what lies in it is published again', { from });
      return this.drained({ oldStore: null, problem: `${from} was away: what lay in it was published again` });
    }
    this.awaySince = null;
    if (oldStore !== null) await this.refillFrom(from, oldStore);
    this.backlog = [...(await this.carriage.backlog(from)).values()].reduce((sum, events) => sum + events, 0);
    this.emptyLooks = this.backlog === 0 ? this.emptyLooks + 1 : 0;
    if (this.emptyLooks >= 2) return this.drained({ problem });
    return this.isNews(String(this.backlog)) ? {} : null;
  }

  private drained(change: NonNullable<Change>): Change {
    this.awaySince = this.told = this.lookedAt = null;
    this.emptyLooks = 0;
    return { reached: 'drained', ...change };
  }

  private async refillFrom(from: string, store: string): Promise<void> {
    const refill = new OutboxRefill(this.carriage.database, this.carriage.at(from), this.log);
    if ((await refill.checkLeft(store)) > 0) this.carriage.relay.sweepSoon();
  }

  private async storesOf(from: string, to: string): Promise<[string, string]> {
    return [await this.storeOf(from), await this.storeOf(to)];
  }

  private async storeOf(address: string): Promise<string> {
    return (await this.carriage.at(address).lineage()).id;
  }

  /** Told when it has lasted a moment, so that whoever waits knows why. */
  private trouble(problem: string): Change {
    return this.isNews(problem) ? { problem } : null;
  }

  /** Whether to tell of it: now and then, and the same only once. */
  private isNews(text: string): boolean {
    const now = performance.now();
    this.lookedAt ??= now;
    if (text === this.told || now - this.lookedAt < TELL_MS) return false;
    this.told = text;
    this.lookedAt = now;
    return true;
  }
}
