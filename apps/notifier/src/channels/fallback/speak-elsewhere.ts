import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { type FallbackKind, type FallbackMessage, type FallbackWay } from './fallback-delivery';
import { endMessage, type FallbackPlace, newsMessage, testMessage } from './fallback-texts';
import { FallbackTimer } from './fallback-timer';
import { FALLBACK_WAYS } from './fallback-ways';
import { FallbackRepository, type NewFallback } from './fallback.repository';
import { planNews } from './plan-news';
import { WaitingNewsRepository } from './waiting-news.repository';

/** Says things besides Telegram, as part of a transaction. Where no way is set, nothing is said. */
@Injectable()
export class SpeakElsewhere {
  private readonly place: FallbackPlace;

  constructor(
    @Inject(FALLBACK_WAYS) private readonly ways: readonly FallbackWay[],
    private readonly rows: FallbackRepository,
    private readonly waiting: WaitingNewsRepository,
    private readonly timer: FallbackTimer,
    @Inject(KIT_CONFIG) kit: KitConfig,
  ) {
    this.place = { zone: kit.ORG_TIMEZONE, publicUrl: kit.PUBLIC_URL ?? null };
  }

  get isPossible(): boolean {
    return this.ways.length > 0;
  }

  /** Telegram is away: what waits for it is told as far as it was not yet, and not too often. */
  async tell(tx: Tx, since: Date, now: Date): Promise<void> {
    const waiting = this.isPossible ? await this.waiting.all(tx.db) : [];
    for (const { way } of this.ways) {
      const { isFirst, ...before } = await this.rows.told(tx.db, way, since);
      const news = planNews(waiting, before, now);
      if (news === null) continue;
      const message = newsMessage(news, { since, isFirst }, this.place);
      const told = [...news.fresh, ...news.changed];
      await this.put(tx, { way, kind: 'news', outage: since, message, news: told, at: now });
    }
  }

  /** Telegram is back: whoever was told that it is away hears so. */
  async end(tx: Tx, { since, backAt }: { since: Date; backAt: Date | null }, now: Date): Promise<void> {
    for (const { way } of this.ways) {
      if (!(await this.rows.endOutage(tx.db, way, since))) continue;
      const message = endMessage(since, backAt ?? now, await this.waiting.count(tx.db), this.place);
      await this.put(tx, { way, kind: 'end', outage: since, message, news: [], at: now });
    }
  }

  /** @returns ids of the messages, one for each way */
  async test(tx: Tx, by: string, now: Date): Promise<number[]> {
    return this.sayOnAll(tx, 'test', testMessage(by), now);
  }

  async sayOnAll(tx: Tx, kind: FallbackKind, message: FallbackMessage, now: Date): Promise<number[]> {
    const ids: number[] = [];
    for (const { way } of this.ways)
      ids.push(await this.put(tx, { way, kind, outage: null, message, news: [], at: now }));
    return ids;
  }

  private async put(tx: Tx, row: NewFallback): Promise<number> {
    tx.afterCommit(() => this.timer.expect(row.at));
    return this.rows.send(tx.db, row);
  }
}
