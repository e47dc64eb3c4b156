import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { BusMembership, EventServer, type BusLog } from '@recert/bus';
import { BUS_LOG } from '../tokens';

/** Makes each service of this process a member of the bus, which may be switched while they run. */
@Injectable()
export class BusMembers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private members: BusMembership[] = [];

  constructor(
    private readonly events: EventServer,
    @Inject(BUS_LOG) private readonly log: BusLog,
  ) {}

  onApplicationBootstrap(): void {
    this.members = this.events
      .joined()
      .map(({ service }) => new BusMembership(this.events, this.events.carriage(service)!, this.log));
    for (const member of this.members) member.start();
  }

  /** Before the databases close, which happens on shutdown itself. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }
}
