import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import {
  LetterWanted,
  MOST_LETTERS,
  type DeadLetterView,
  type LetterQuery,
  type Page,
  type ReplayBody,
  type ReplaysView,
  type ReplayView,
} from '@recert/contracts';
import { badCursor, Clock, fromCursor, LetterDesk, pageFrom, type LetterSource } from '@recert/service-kit';
import { LetterRepository, type LetterPlace } from './letter.repository';

/** How long somebody who wants one letter replayed waits for what becomes of it. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 50;

/** The dead letters of all services in one list; each is handled again where it lies, and says so on the bus. */
@Injectable()
export class LettersOfAll implements LetterSource, OnModuleInit {
  constructor(
    private readonly desk: LetterDesk,
    private readonly database: ServiceDatabase,
    private readonly letters: LetterRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.desk.use(this);
  }

  async page(query: LetterQuery): Promise<Page<DeadLetterView>> {
    const found = await this.letters.page(query, placeOf(query.cursor), query.limit + 1);
    return pageFrom(found, query.limit, ({ replayedAt, at, id }) => [replayedAt === null ? 0 : 1, Date.parse(at), id]);
  }

  async replay(id: string, by: string): Promise<ReplayView | undefined> {
    const before = await this.letters.fateOf(id);
    if (before === null) return undefined;
    await this.want([{ id, service: before.service }], by);
    return this.outcomeOf(id, before.settledAt);
  }

  async replayAll(which: ReplayBody, by: string): Promise<ReplaysView> {
    const found =
      'ids' in which ? await this.letters.servicesOf(which.ids) : await this.letters.open(which, MOST_LETTERS + 1);
    const wanted = found.slice(0, MOST_LETTERS);
    if (wanted.length > 0) await this.want(wanted, by);
    return { asked: wanted.length, more: found.length > MOST_LETTERS };
  }

  private async want(letters: readonly { id: string; service: string }[], by: string): Promise<void> {
    const services = [...new Set(letters.map(({ service }) => service))];
    const at = this.clock.now().toISOString();
    await this.database.transaction(async (tx) => {
      for (const service of services) {
        const letterIds = letters.filter((letter) => letter.service === service).map(({ id }) => id);
        tx.publish(LetterWanted, { service, letterIds, by, at });
      }
    });
  }

  private async outcomeOf(id: string, settledBefore: Date | null): Promise<ReplayView> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const fate = await this.letters.fateOf(id);
      if (fate === null || fate.settledAt === null) continue;
      if (fate.settledAt.getTime() === settledBefore?.getTime()) continue;
      const replayed = fate.replayedAt !== null;
      return { state: replayed ? 'replayed' : 'failed', replayed, reason: replayed ? null : fate.reason };
    }
    return { state: 'asked', replayed: false, reason: 'its service has not answered yet: look again in a moment' };
  }
}

function placeOf(cursor: string | undefined): LetterPlace | null {
  const parts = fromCursor(cursor, 3);
  if (parts === null) return null;
  const [isReplayed, at, id] = parts;
  const date = new Date(Number(at));
  if (Number.isNaN(date.getTime()) || typeof id !== 'string' || !/^[0-9a-f-]{36}$/i.test(id)) badCursor();
  return { isReplayed: isReplayed === 1, at: date, id };
}
