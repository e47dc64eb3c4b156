import { Inject, Injectable, Logger } from '@nestjs/common';
import { lockKey } from '@recert/bus';
import { KIT_CONFIG, type KitConfig } from '@recert/service-kit';
import { Client } from 'pg';
import { type Queryable } from '../../messages/delivery.repository';
import { type Topic, Wake, WAKE_CHANNEL } from '../../messages/wake';
import { pause } from './pause';

/** One replica speaks with Telegram: limits hold for the bot as a whole, and only one may poll. */
const LEADER_LOCK = lockKey('notifier.leader');
const TRY_AGAIN_MS = 1000;

/** What the leader holds while it leads. */
export interface Lease {
  /** Aborts when it leads no longer, or shall stop. */
  readonly signal: AbortSignal;
  /** The connection that holds the lock: what is written through it is written by the leader, or not at all. */
  readonly db: Queryable;
}

/** Holds an advisory lock on a connection of its own; whoever holds it leads, and loses it with the connection. */
@Injectable()
export class Leadership {
  private readonly log = new Logger('telegram');
  private trouble: string | null = null;

  constructor(
    @Inject(KIT_CONFIG) private readonly config: KitConfig,
    private readonly wake: Wake,
  ) {}

  /** Waits to lead, leads, and again, until `stop` aborts. `lead` ends when its lease does. */
  async run(lead: (lease: Lease) => Promise<void>, onHint: (topic: Topic) => void, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.leadOnce(lead, onHint, stop);
      } catch (error) {
        this.note(error instanceof Error ? error.message : String(error));
      }
      await pause(TRY_AGAIN_MS, stop);
    }
  }

  private async leadOnce(
    lead: (lease: Lease) => Promise<void>,
    onHint: (topic: Topic) => void,
    stop: AbortSignal,
  ): Promise<void> {
    const lost = new AbortController();
    const client = this.newClient();
    client.on('error', () => lost.abort());
    client.on('end', () => lost.abort());
    client.on('notification', ({ payload }) => onHint(payload as Topic));
    const signal = AbortSignal.any([stop, lost.signal]);
    try {
      await client.connect();
      if (!(await isLocked(client, signal))) return;
      await client.query(`listen ${WAKE_CHANNEL}`);
      this.note(null);
      this.wake.deliverTo(onHint);
      await lead({ signal, db: queryable(client) });
    } finally {
      this.wake.deliverTo(null);
      await client.end().catch(() => undefined);
    }
  }

  /** A lease that the disk loses in a power cut costs nothing: its message is sent again either way. */
  private newClient(): Client {
    return new Client({
      connectionString: this.config.DATABASE_URL,
      application_name: 'recert notifier leader',
      options: '-c search_path=notifier -c synchronous_commit=off -c statement_timeout=60s',
      keepAlive: true,
    });
  }

  private note(trouble: string | null): void {
    if (trouble !== null && trouble !== this.trouble) {
      this.log.warn(`The database is away, going on when it is back: ${trouble}`);
    }
    this.trouble = trouble;
  }
}

async function isLocked(client: Client, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    // Asked again and again and not waited for: a waiting statement would keep the database from cleaning up.
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      LEADER_LOCK,
    ]);
    if (rows[0]?.locked === true) return true;
    await pause(TRY_AGAIN_MS, signal);
  }
  return false;
}

/** The few statements that run here run all the time: they are planned once. */
function queryable(client: Client): Queryable {
  const names = new Map<string, string>();
  return {
    query: async <Rows>(text: string, values: unknown[] = []): Promise<Rows> => {
      const name = names.get(text) ?? `statement_${names.size}`;
      names.set(text, name);
      return (await client.query({ name, text, values })).rows as Rows;
    },
  };
}
