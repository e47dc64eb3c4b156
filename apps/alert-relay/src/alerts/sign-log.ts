import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { type Sign } from '../sources/sign';

export interface LoggedSign {
  /** The request that said it; null for what was asked for. */
  readonly hookId: string | null;
  readonly alertId: string | null;
  readonly source: string;
  readonly sign: Sign;
  readonly receivedAt: Date;
  /** What came of it, as a word or a sentence. */
  readonly effect: string;
}

/**
 * The table `alert_sign`: everything that was said, also what changed nothing. Nothing is decided by it: repeats are known
 * by the alert itself, and by the requests that are kept.
 */
@Injectable()
export class SignLog {
  async append(tx: Tx, { hookId, alertId, source, sign, receivedAt, effect }: LoggedSign): Promise<void> {
    const { key, status, at, payload = null, ...rest } = sign;
    await tx.db.query(
      `insert into alert_sign (hook_id, alert_id, source, key, status, at, received_at, effect, sign, payload)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [hookId, alertId, source, key, status, at, receivedAt, effect, JSON.stringify(rest), payload],
    );
  }

  /**
   * Removes signs that are older than `days` and belong to no alert that is open or was resolved within that time. Of
   * an alert that is still open stays what has raised it.
   * @returns how many were removed, at most `limit`
   */
  async removeOld(tx: Tx, days: number, limit: number): Promise<number> {
    const [row] = await tx.db.query<{ n: number }[]>(
      `with gone as (delete from alert_sign where seq in (
         select s.seq from alert_sign s left join alert a on a.id = s.alert_id
         where s.received_at < now() - make_interval(days => $1)
           and (a.id is null or a.resolved_at < now() - make_interval(days => $1)
             or a.status <> 'resolved' and s.effect not like 'raised %')
         order by s.received_at limit $2) returning 1)
       select count(*)::int as n from gone`,
      [days, limit],
    );
    return row?.n ?? 0;
  }
}
