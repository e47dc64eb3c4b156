import { Client } from 'pg';
import { type BusLog } from '../transport';
import { CHANNEL } from './schema';

/** Hears the hints of publishers in other processes. A hint that is missed costs one polling interval, nothing else. */
export class Listener {
  private client: Client | null = null;
  private closed = false;
  private readonly reconnected: (() => void)[] = [];

  constructor(
    private readonly url: string,
    private readonly wake: () => void,
    private readonly log: BusLog,
  ) {}

  onReconnect(listener: () => void): void {
    this.reconnected.push(listener);
  }

  async open(): Promise<void> {
    const client = new Client({ connectionString: this.url, application_name: 'recert bus listener', keepAlive: true });
    client.on('notification', this.wake);
    client.on('error', (error) => this.log.warn('bus: the listening connection broke', { error: error.message }));
    client.on('end', () => void this.reopen());
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    this.client = client;
    this.wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end().catch(() => undefined);
  }

  private async reopen(): Promise<void> {
    for (let attempt = 1; !this.closed; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(250 * attempt, 5000)).unref());
      if (this.closed) return;
      try {
        await this.open();
        for (const listener of this.reconnected) listener();
        return;
      } catch (error) {
        if (attempt % 10 === 1) this.log.warn('bus: still not listening', { error: String(error) });
      }
    }
  }
}
