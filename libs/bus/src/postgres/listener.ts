import { Client } from 'pg';
import { type BusLog } from '../transport';
import { serverOptions } from './bus-pool';
import { CHANNEL, OWNER_LOCK } from './schema';

/**
 * The connection that tells whether the bus is reachable: it hears the hints of publishers in other processes, and
 * holds the lock that shows that this process lives. A hint that is missed costs one polling interval, nothing else.
 */
export class Listener {
  private client: Client | null = null;
  private probe: NodeJS.Timeout | undefined;
  private reopening: Promise<void> | null = null;
  private connections = 0;
  private closed = false;

  /**
   * @param owner goes with this process's own hints, which it passes over
   * @param wake called for each hint of another process
   * @param onReconnect called when the connection is back
   * @param silenceMs how often the connection is tried, and after which it counts as broken when it does not answer
   */
  constructor(
    private readonly url: string,
    private readonly owner: number,
    private readonly wake: () => void,
    private readonly onReconnect: () => Promise<void>,
    private readonly silenceMs: number,
    private readonly log: BusLog,
  ) {}

  /** Counts the connections; null while there is none. */
  get session(): number | null {
    return this.client === null ? null : this.connections;
  }

  async open(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'recert bus listener',
      keepAlive: true,
      connectionTimeoutMillis: this.silenceMs,
      query_timeout: this.silenceMs,
      options: serverOptions([]),
    });
    client.on('error', (error) => this.log.warn('bus: the listening connection broke', { error: error.message }));
    client.on('notification', (hint) => {
      if (hint.payload !== String(this.owner)) this.wake();
    });
    try {
      await client.connect();
      // Shared, because the server may still hold the lock of a connection that broke without its noticing.
      await client.query(`select pg_advisory_lock_shared(${OWNER_LOCK}, ${this.owner})`);
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) return client.end();
    this.client = client;
    this.connections += 1;
    client.on('end', () => this.lost(client));
    this.probe = setInterval(() => void this.ask(client), this.silenceMs).unref();
    this.wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.probe);
    await this.client?.end().catch(() => undefined);
  }

  /** A network that went away without a word is noticed by a question that is not answered. */
  private async ask(client: Client): Promise<void> {
    await client.query('select 1').catch(() => client.end());
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = null;
    clearInterval(this.probe);
    this.startReopening();
  }

  private startReopening(): void {
    if (this.closed || this.reopening !== null) return;
    this.reopening = this.reopen().finally(() => {
      this.reopening = null;
      if (this.client === null) this.startReopening();
    });
  }

  private async reopen(): Promise<void> {
    for (let attempt = 1; !this.closed; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100 * attempt, 2000)));
      try {
        if (this.closed) return;
        if (this.client === null) await this.open();
        await this.onReconnect();
        return;
      } catch (error) {
        if (attempt % 10 === 1) this.log.warn('bus: still not listening', { error: String(error) });
      }
    }
  }
}
