import { Injectable } from '@nestjs/common';
import { EventServer } from '@recert/bus';
import {
  MOST_LETTERS,
  type DeadLetterView,
  type LetterQuery,
  type Page,
  type ReplayBody,
  type ReplaysView,
  type ReplayView,
} from '@recert/contracts';
import { UserError } from '../errors';

/** Where dead letters are found, and handled again. */
export interface LetterSource {
  /** Open ones first, newest first. */
  page(query: LetterQuery): Promise<Page<DeadLetterView>>;
  /** @returns undefined when there is no such dead letter */
  replay(id: string, by: string): Promise<ReplayView | undefined>;
  replayAll(which: ReplayBody, by: string): Promise<ReplaysView>;
}

/**
 * The dead letters that this process shows: those of its own services, and with the registry among them those of all
 * services.
 */
@Injectable()
export class LetterDesk {
  private source: LetterSource;

  constructor(events: EventServer) {
    this.source = new OwnLetters(events);
  }

  /** The registry puts its own in place of ours. */
  use(source: LetterSource): void {
    this.source = source;
  }

  page(query: LetterQuery): Promise<Page<DeadLetterView>> {
    return this.source.page(query);
  }

  /** @throws UserError 404 when there is no such dead letter */
  async replay(id: string, by: string): Promise<ReplayView> {
    const replayed = /^[0-9a-f-]{36}$/i.test(id) ? await this.source.replay(id, by) : undefined;
    if (replayed === undefined) throw UserError.notFound(`dead letter "${id}"`);
    return replayed;
  }

  replayAll(which: ReplayBody, by: string): Promise<ReplaysView> {
    return this.source.replayAll(which, by);
  }
}

/** Those of the services of this process. There are few: somebody has to look at each. */
class OwnLetters implements LetterSource {
  constructor(private readonly events: EventServer) {}

  async page({ service, consumer, subject, state, limit }: LetterQuery): Promise<Page<DeadLetterView>> {
    const lists = await Promise.all(this.events.deadLetters().map((letters) => letters.list(limit)));
    const items = lists
      .flat()
      .filter((letter) => service === undefined || letter.service === service)
      .filter((letter) => consumer === undefined || letter.consumer === consumer)
      .filter((letter) => subject === undefined || letter.subject === subject)
      .filter((letter) => state === undefined || (letter.replayedAt === null) === (state === 'open'))
      .sort((a, b) => Number(a.replayedAt !== null) - Number(b.replayedAt !== null) || b.at.localeCompare(a.at));
    return { items: items.slice(0, limit), next: null };
  }

  async replay(id: string): Promise<ReplayView | undefined> {
    const reason = await this.events.replay(id);
    if (reason === undefined) return undefined;
    return { state: reason === null ? 'replayed' : 'failed', replayed: reason === null, reason };
  }

  async replayAll(which: ReplayBody): Promise<ReplaysView> {
    const ids = 'ids' in which ? which.ids : await this.openOnes(which);
    for (const id of ids.slice(0, MOST_LETTERS)) await this.events.replay(id);
    return { asked: Math.min(ids.length, MOST_LETTERS), more: ids.length > MOST_LETTERS };
  }

  private async openOnes(which: Exclude<ReplayBody, { ids: string[] }>): Promise<string[]> {
    const { items } = await this.page({ ...which, state: 'open', limit: MOST_LETTERS + 1 });
    return items.map(({ id }) => id).reverse();
  }
}
