import { type ServiceDatabase } from './service-database';
import { type BusLog, type Lineage, type Transport } from './transport';

interface Published {
  event_id: string;
  stream_seq: string;
}

/**
 * Notices that the transport's store was wiped or rolled back, and has what it lost published again. Rows are kept for
 * 14 days for this, which makes the transport disposable.
 */
export class OutboxRefill {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly transport: Transport,
    private readonly log: BusLog,
  ) {}

  /**
   * Must come first on a new connection: once something else was published, what is lost lies behind what is there.
   * @param spared another store in which nothing is lost
   * @returns how many events are to be published again, and the session in which all others are there
   */
  async check(spared: string | null = null): Promise<{ again: number; session: number }> {
    const lineage = await this.transport.lineage();
    const elsewhere = await this.publishAgain(
      `(stream_lineage < $1 or stream_lineage > $1) and stream_lineage is distinct from $2`,
      [lineage.id, spared],
    );
    const lost = await this.checkOwn(lineage);
    this.warn(elsewhere + lost);
    return { again: elsewhere + lost, session: lineage.session };
  }

  /**
   * Of a store that is being left: what it lost of the events that are said to lie in it.
   * @param store the life of it that is being left; another one has lost everything
   * @returns how many events are to be published again
   */
  async checkLeft(store: string): Promise<number> {
    const lineage = await this.transport.lineage();
    const lost =
      lineage.id === store ? await this.checkOwn(lineage) : await this.publishAgain('stream_lineage = $1', [store]);
    this.warn(lost);
    return lost;
  }

  private async checkOwn({ id, firstSequence, lastSequence }: Lineage): Promise<number> {
    const beyond = await this.publishAgain('stream_lineage = $1 and stream_seq > $2', [id, lastSequence]);
    const held = await this.newestHeld(id, firstSequence);
    if (held === null) return beyond;
    return beyond + (await this.publishAgain('stream_lineage = $1 and stream_seq > $2', [id, held]));
  }

  private warn(events: number): void {
    if (events > 0)
      this.log.warn('outbox: the transport lost events it had confirmed; publishing them again', {
        service: this.database.service,
        events,
      });
  }

  /**
   * A store that was rolled back and then written to has as many messages as before, but others. Normally the newest
   * event is there and this is one question; else it goes back in doubling steps to one that is.
   * @returns the sequence after which events are lost, 0 for all of them; null when none is
   */
  private async newestHeld(lineage: string, firstSequence: number): Promise<number | null> {
    for (let back = 0; ; back = back * 2 + 1) {
      const [row] = await this.database.query<Published>(
        `select event_id, stream_seq from outbox where published_at is not null and stream_lineage = $1
         order by stream_seq desc offset $2 limit 1`,
        [lineage, back],
      );
      if (row === undefined) return back === 0 ? null : 0;
      const sequence = Number(row.stream_seq);
      const held = sequence < firstSequence || (await this.transport.holds(sequence, row.event_id));
      if (held) return back === 0 ? null : sequence;
    }
  }

  private async publishAgain(condition: string, parameters: unknown[]): Promise<number> {
    const [row] = await this.database.query<{ n: string }>(
      `with again as (update outbox set published_at = null, not_before = now()
         where published_at is not null and (${condition}) returning 1)
       select count(*) as n from again`,
      parameters,
    );
    return Number(row?.n ?? 0);
  }
}
