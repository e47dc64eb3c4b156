import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { BusRefill, BusSwitching, BusMember } from '@recert/contracts';
import { BusRepository } from './bus.repository';
import { LeadSwitch } from './lead-switch';
import { WatchSwitch } from './watch-switch';

/** What a service says of itself is noted, and may be what a switch has waited for. */
@Controller()
export class NoteMemberWhenItReports {
  constructor(
    private readonly repository: BusRepository,
    private readonly lead: LeadSwitch,
    private readonly watch: WatchSwitch,
  ) {}

  @OnEvent(BusMember, {
    durable: 'registry.note-member-when-it-reports',
    emits: [BusRefill, BusSwitching],
    concurrency: 1,
  })
  async handle(said: BusMember, { tx }: Delivery): Promise<Outcome> {
    await this.repository.note(tx, said);
    await this.lead.advance(tx);
    tx.afterCommit(() => this.watch.wake());
    return done;
  }
}
