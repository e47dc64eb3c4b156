import { BusSwitching, type SwitchPhase } from '@recert/contracts';
import { type EventServer } from '../event-server';
import { connectTransport } from '../connect-transport';
import { type ServiceDatabase } from '../service-database';
import { type BusUrls } from '../switching/bus-address';
import { BusMembership, type MemberOptions } from '../switching/bus-member';
import { Carriers } from '../switching/carriers';
import { type MemberState } from '../switching/member-state';
import { readMemberState } from '../switching/member-table';
import { JetStreamTransport } from '../jetstream/jetstream-transport';
import { PostgresTransport } from '../postgres/postgres-transport';
import { type Transport } from '../transport';
import { serve, type TestHandler } from './serve';
import { TestLog } from './test-log';
import { until } from './until';

export interface MemberProcess {
  readonly server: EventServer;
  readonly log: TestLog;
  stop(): Promise<void>;
}

export interface MemberSetUp {
  readonly urls: BusUrls;
  readonly databases: readonly ServiceDatabase[];
  readonly handlers?: readonly TestHandler[];
  readonly options?: MemberOptions;
}

/** A process whose services are members of a bus that may be switched. */
export function startMembers({ urls, databases, handlers = [], options }: MemberSetUp): MemberProcess {
  const log = new TestLog();
  const carriers = Carriers.to(urls, (url) => quick(url, log));
  const server = serve({
    transport: carriers,
    databases,
    handlers,
    log,
    options: { relay: { pollMs: 500, lineageCheckMs: 500 } },
  });
  const members = databases.map(
    ({ service }) =>
      new BusMembership(server, server.carriage(service)!, log, {
        idleMs: 200,
        busyMs: 50,
        patienceMs: 3_000,
        ...options,
      }),
  );
  for (const member of members) member.start();
  return {
    server,
    log,
    stop: async () => {
      await Promise.all(members.map((member) => member.stop()));
      await server.close();
    },
  };
}

/** The registry's part by hand: tells the services what to do next, and waits until each has done it. */
export class SwitchByHand {
  private step = 0;
  private readonly since = new Date(Date.now() - 600_000).toISOString();
  private untilTime: string | null = null;

  constructor(
    private readonly generation: number,
    private readonly from: string,
    private readonly to: string,
    private readonly registry: ServiceDatabase,
    private readonly members: readonly ServiceDatabase[],
    private readonly home: string,
  ) {}

  async tell(phase: SwitchPhase): Promise<void> {
    const { generation, from, to, since } = this;
    const at = new Date().toISOString();
    if (phase === 'decided') this.untilTime = at;
    const members = this.members.map(({ service }) => service);
    const order = { generation, step: (this.step += 1), phase, from, to, members, since, until: this.untilTime, at };
    await this.registry.transaction(async (tx) => void tx.publish(BusSwitching, order));
  }

  async reached(what: string, condition: (state: MemberState) => boolean, withinMs = 20_000): Promise<void> {
    await until(
      `all ${what}`,
      async () => {
        const states = await Promise.all(this.members.map((member) => readMemberState(member, this.home)));
        return states.every(condition);
      },
      withinMs,
    );
  }

  /** The whole way. @param between runs when all have come as far as a phase wants */
  async all(between: (phase: SwitchPhase) => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.tell('asked');
    await this.reached('joined', ({ underWay }) => underWay?.reached === 'joined');
    await between('asked');
    await this.tell('decided');
    await this.reached('flipped', ({ underWay }) => underWay?.reached === 'flipped');
    await between('decided');
    await this.tell('draining');
    await this.reached('drained', ({ underWay }) => underWay?.reached === 'drained');
    await between('draining');
    await this.tell('done');
    await this.reached('done', ({ generation, underWay }) => generation === this.generation && underWay === null);
  }
}

/** With short times, so that a test need not wait for those of a killed process. */
function quick(url: string, log: TestLog): Transport {
  if (url.startsWith('nats:')) return new JetStreamTransport(url, 'test', log, { ackWaitMs: 2_000 });
  if (url.startsWith('postgres:')) return new PostgresTransport(url, log, { pollMs: 1_000, leaseMs: 3_000 });
  return connectTransport(url, 'test', log);
}
