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

/** The table `alert_sign`: everything that was said, also what changed nothing. */
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
}
