import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';

/** What there may be work for: messages to send, updates to handle, notices whose time may have come. */
export type Topic = 'deliveries' | 'updates' | 'notices';

/** The channel on which other replicas hear of work. */
export const WAKE_CHANNEL = 'recert_notifier';

/**
 * Wakes whoever does the work: in this process at once, in another one by a hint of the database. A hint that is lost
 * costs one polling interval.
 */
@Injectable()
export class Wake {
  private listener: ((topic: Topic) => void) | null = null;

  constructor(private readonly database: ServiceDatabase) {}

  /** The work is done in this process from now on, or with null no longer. */
  deliverTo(listener: ((topic: Topic) => void) | null): void {
    this.listener = listener;
  }

  afterCommit(tx: Tx, topic: Topic): void {
    tx.afterCommit(() => this.wake(topic));
  }

  wake(topic: Topic): void {
    if (this.listener !== null) this.listener(topic);
    else void this.database.query('select pg_notify($1, $2)', [WAKE_CHANNEL, topic]).catch(() => undefined);
  }
}
