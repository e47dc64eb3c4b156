import { OutboxRelay, type RelayOptions } from '../outbox-relay';
import { type ServiceDatabase } from '../service-database';
import { type BusLog, type Transport } from '../transport';
import { type Carriers } from './carriers';
import { left, type MemberState, type Route, routeOf } from './member-state';
import { type Consumed, Taking } from './taking';

/**
 * How one service of this process is carried: its relay publishes on one transport, its consumers take from one, or from
 * two while the bus is switched. What an event did is in the inbox, whichever transport brought it.
 */
export class Carriage {
  private readonly consumers = new Map<string, Consumed>();
  private readonly takings = new Map<string, Taking>();
  private readonly ending: Promise<void>[] = [];
  private relaying: { readonly address: string; readonly relay: OutboxRelay };
  private flipping: Promise<void> | null = null;
  private route: Route;
  private isStarted = false;
  /** Why it cannot be carried as it should be, as long as that is so. */
  problem: string | null = null;
  private isOver = false;
  private begin: () => void = () => undefined;
  /** Resolves when it is carried for the first time. */
  readonly started = new Promise<void>((resolve) => (this.begin = resolve));

  constructor(
    readonly database: ServiceDatabase,
    private readonly carriers: Carriers,
    private readonly log: BusLog,
    private readonly options: RelayOptions | undefined,
  ) {
    const { home } = carriers;
    this.route = { publish: home, consume: [home], open: [home] };
    this.relaying = { address: home, relay: this.relayOn(home) };
    carriers.hold(database.service, [home]);
  }

  get relay(): OutboxRelay {
    return this.relaying.relay;
  }

  /** Where it publishes. */
  get publishesOn(): string {
    return this.relaying.address;
  }

  /** The transports that it uses now. */
  get inUse(): readonly string[] {
    return this.route.open;
  }

  get durables(): ReadonlyMap<string, Consumed> {
    return this.consumers;
  }

  at(address: string): Transport {
    return this.carriers.at(address);
  }

  /**
   * Begins to be carried as the state of the service says.
   * @throws UnknownCarrier when an address cannot be used here
   */
  async follow(state: MemberState): Promise<void> {
    const { home } = this.carriers;
    const isAsked = state.underWay?.order.phase === 'asked';
    const route = routeOf(state, home);
    const isPossible = route.open.every((address) => this.carriers.whyNot(address) === null);
    // What is only asked may be refused; what is decided is tried all the same, and shown on the health page.
    await this.take(isAsked && !isPossible ? routeOf(left(state), home) : route, state.underWay?.oldStore ?? null);
  }

  /**
   * Begins to be carried so. May be called again with the same or another route, and waits for nothing that a transport
   * may hold up.
   * @throws UnknownCarrier when an address cannot be used here
   */
  private async take(route: Route, spared: string | null): Promise<void> {
    if (this.isOver) return;
    // Said before it is tried: a service that cannot be carried as it should is not ready.
    this.problem = route.open.map((address) => this.carriers.whyNot(address)).find((reason) => reason !== null) ?? null;
    this.carriers.hold(this.database.service, route.open);
    for (const address of route.open) this.carriers.at(address);
    this.route = route;
    for (const address of route.consume) this.takeFrom(address);
    this.publishOn(route.publish, spared);
    this.begin();
    await this.leaveOthers();
  }

  /** Whether all consumers take from there, and nothing else is on its way. */
  takesFrom(address: string): boolean {
    return this.takings.get(address)?.isBegun ?? false;
  }

  /** How many events this transport still holds for each consumer of the service, those in hand among them. */
  backlog(address: string): Promise<ReadonlyMap<string, number>> {
    return this.carriers.at(address).backlog([...this.consumers.keys()]);
  }

  /** Resolves when the consumer takes from every transport that is taken from, or is dropped. */
  async add(durable: string, consumed: Consumed): Promise<void> {
    this.consumers.set(durable, consumed);
    await Promise.all([...this.takings.values()].map((taking) => taking.add(durable, consumed)));
  }

  async drop(durable: string): Promise<void> {
    this.consumers.delete(durable);
    await Promise.all([...this.takings.values()].map((taking) => taking.drop(durable)));
  }

  async stopTaking(): Promise<void> {
    this.isOver = true;
    await Promise.all([...this.takings.values()].map((taking) => taking.stop()));
  }

  async stopPublishing(): Promise<void> {
    await this.flipping;
    if (this.isStarted) await this.relay.stop();
  }

  /** After the transports are closed. */
  async ended(): Promise<void> {
    await Promise.all([...this.ending, ...[...this.takings.values()].map((taking) => taking.ended())]);
  }

  private takeFrom(address: string): void {
    if (this.takings.has(address)) return;
    const taking = new Taking(this.carriers.at(address), this.log);
    this.takings.set(address, taking);
    const begun = taking.addAll(this.consumers).then(() => {
      if (taking.isBegun && !this.isOver)
        this.log.info('bus: consuming', {
          transport: this.carriers.at(address).kind,
          service: this.database.service,
          consumers: this.consumers.size,
        });
    });
    this.ending.push(begun);
  }

  private publishOn(address: string, spared: string | null): void {
    if (!this.isStarted) {
      this.isStarted = true;
      if (address !== this.relaying.address) this.relaying = { address, relay: this.relayOn(address) };
      this.relay.spare(spared);
      this.relay.start();
    } else if (address !== this.relaying.address) {
      this.flipping ??= this.flip(address, spared).finally(() => (this.flipping = null));
    } else {
      this.relay.spare(spared);
    }
  }

  /** What is committed between the two is in the table, which a relay reads first of all. */
  private async flip(address: string, spared: string | null): Promise<void> {
    await this.relay.stop();
    if (this.isOver) return;
    const relay = this.relayOn(address);
    relay.spare(spared);
    relay.start();
    this.relaying = { address, relay };
  }

  private relayOn(address: string): OutboxRelay {
    return new OutboxRelay(this.database, this.carriers.at(address), this.log, this.options);
  }

  private async leaveOthers(): Promise<void> {
    for (const [address, taking] of this.takings) {
      if (this.route.consume.includes(address)) continue;
      this.takings.delete(address);
      await taking.stop();
    }
    this.carriers.use(this.database.service, [...this.route.open, this.relaying.address]);
  }
}

/** How many events there are for each consumer of these, wherever they lie. */
export async function backlogOf(carriages: readonly Carriage[]): Promise<ReadonlyMap<string, number>> {
  const total = new Map<string, number>();
  const each = carriages.flatMap((carriage) => carriage.inUse.map((address) => carriage.backlog(address)));
  for (const backlog of await Promise.all(each))
    for (const [durable, events] of backlog) total.set(durable, (total.get(durable) ?? 0) + events);
  return total;
}
