import { type Envelope } from '../envelope';
import { AnotherSession, type Lineage, type Receipt, type Running, type Transport } from '../transport';

/** A transport of one process's memory, whose store a test can wipe or roll back, and which fails when it is told to. */
export class MemoryTransport implements Transport {
  readonly kind = 'postgres';
  /** What was published, by sequence from 1; a repeated event keeps its place. */
  stored: Envelope[] = [];
  lineageId = 'first';
  firstSequence = 1;
  session = 1;
  /** Runs before each publish; what it throws or waits for is the transport's trouble. */
  trouble: (batch: readonly Envelope[]) => Promise<void> | void = () => undefined;
  connected: Promise<void> = Promise.resolve();
  asked = 0;
  private readonly reconnected: (() => void)[] = [];

  ready(): Promise<void> {
    return this.connected;
  }
  health(): { ok: boolean; detail: string } {
    return { ok: true, detail: 'connected' };
  }
  async publish(batch: readonly Envelope[], session: number | null = null): Promise<readonly Receipt[]> {
    await this.trouble(batch);
    if (session !== null && session !== this.session) throw new AnotherSession();
    return batch.map((envelope) => {
      const known = this.stored.findIndex((each) => each.attributes.id === envelope.attributes.id);
      const sequence = known >= 0 ? known + 1 : this.stored.push(envelope);
      return { lineage: this.lineageId, sequence };
    });
  }
  async lineage(): Promise<Lineage> {
    return {
      id: this.lineageId,
      session: this.session,
      firstSequence: this.firstSequence,
      lastSequence: this.stored.length,
    };
  }
  async holds(sequence: number, eventId: string): Promise<boolean> {
    this.asked += 1;
    return this.stored[sequence - 1]?.attributes.id === eventId;
  }
  onReconnect(listener: () => void): void {
    this.reconnected.push(listener);
  }
  /** As if the connection had been broken. */
  reconnect(): void {
    this.session += 1;
    for (const listener of this.reconnected) listener();
  }
  subscribe(): Promise<Running> {
    return Promise.resolve({ stop: () => Promise.resolve() });
  }
  forget(): Promise<void> {
    return Promise.resolve();
  }
  forgetAll(): Promise<number> {
    return Promise.resolve(0);
  }
  next(): Promise<null> {
    return Promise.resolve(null);
  }
  backlog(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(new Map());
  }
  observe(): Promise<Running> {
    return Promise.resolve({ stop: () => Promise.resolve() });
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
