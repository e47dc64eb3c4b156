import { Injectable } from '@nestjs/common';
import { EventServer, newEventId, readAddress, ServiceDatabase, takeOrder, type Tx } from '@recert/bus';
import { BusRefill, BusSwitching, type BusMember, type BusView } from '@recert/contracts';
import { UserError } from '@recert/service-kit';
import { BusRepository } from './bus.repository';
import {
  askedSwitch,
  decideSwitch,
  givenUp,
  isOver,
  orderOf,
  waitingFor,
  wantsRefill,
  type BusSwitch,
} from './bus-switch';

/**
 * Leads the whole installation from one transport to another: asks every service, and tells all of the next step when each
 * has taken the last. The times are those of the machine, not of the clock that people live by.
 */
@Injectable()
export class LeadSwitch {
  constructor(
    private readonly events: EventServer,
    private readonly database: ServiceDatabase,
    private readonly repository: BusRepository,
  ) {}

  /**
   * @param to as somebody writes it
   * @throws UserError 422 when it is no usable address, 409 when a switch is under way or the bus is there already
   */
  async ask(to: string, by: string): Promise<void> {
    const read = readAddress(to, this.events.ways.urls);
    if (!read.ok) throw UserError.invalid('to', read.reason);
    const from = this.transport;
    if (read.address === from) throw UserError.conflict(`The bus is on ${from} already.`);
    const why = this.events.ways.whyNot(read.address);
    if (why !== null) throw UserError.invalid('to', why);
    await this.database.transaction(async (tx) => {
      const newest = await this.repository.lockNewest(tx);
      if (newest !== null && !isOver(newest))
        throw UserError.conflict(`A switch to ${newest.to} is under way: ${newest.phase}. There is one at a time.`);
      const reports = await this.repository.reports(tx.db);
      const behind = reports.filter(({ switching }) => switching !== null).map(({ service }) => service);
      if (behind.length > 0)
        throw UserError.conflict(
          `The last switch is not ended everywhere: ${behind.join(', ')}. Try again in a moment.`,
        );
      const generation = (newest?.generation ?? 0) + 1;
      const members = reports.map(({ service }) => service);
      await this.tell(tx, askedSwitch({ generation, from, to: read.address, by, members }, new Date()));
    });
  }

  /**
   * Gives the switch up, in whatever phase it is. The new transport may be gone, and with it the way to tell: this service
   * goes back before it has heard of it, and tells on the old one, which all still take from.
   * @throws UserError 409 when none is under way
   */
  async abandon(by: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const newest = await this.repository.lockNewest(tx);
      if (newest === null || isOver(newest)) throw UserError.conflict('No switch of the bus is under way.');
      const state = givenUp(newest, by, new Date());
      await this.tell(tx, state);
      await takeOrder(tx.db, orderOf(state), this.events.ways.home);
    });
  }

  /** Takes the next step where it is due. @returns whether a switch is under way after that */
  async advance(tx: Tx): Promise<boolean> {
    const state = await this.repository.lockNewest(tx);
    if (state === null || isOver(state)) return false;
    const next = decideSwitch(state, await this.repository.reports(tx.db), new Date());
    if (next === state) return true;
    await this.tell(tx, next);
    if (wantsRefill(next)) {
      const { since, by } = next;
      tx.publish(BusRefill, { refillId: newEventId(), since, by, at: new Date().toISOString() });
    }
    return !isOver(next);
  }

  async view(): Promise<BusView> {
    const [newest, reports] = await Promise.all([this.repository.newest(), this.repository.reports()]);
    return {
      transport: this.transport,
      members: reports.map(memberView),
      switch: newest === null ? null : switchView(newest, reports),
    };
  }

  private get transport(): string {
    return this.events.carriage(this.database.service)!.publishesOn;
  }

  private async tell(tx: Tx, state: BusSwitch): Promise<void> {
    await this.repository.write(tx, state);
    tx.publish(BusSwitching, orderOf(state));
  }
}

function memberView({ service, generation, transport, phase, backlog, problem, at }: BusMember): BusView['members'][0] {
  return { service, generation, transport, phase, backlog, problem, at };
}

function switchView(state: BusSwitch, reports: readonly BusMember[]): NonNullable<BusView['switch']> {
  const { generation, from, to, phase, problem, events, by, askedAt, endedAt } = state;
  return {
    ...{ generation, from, to, phase, problem, events, by, askedAt, endedAt },
    waitingFor: waitingFor(state, reports),
  };
}
