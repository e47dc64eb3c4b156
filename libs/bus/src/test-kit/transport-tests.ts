import { type Envelope } from '../envelope';
import { type Transport } from '../transport';
import { pause } from './until';

/** The polling interval of production: no hop may come near to it. */
export const SAFETY_NET_MS = 5_000;

export interface SeverableTransport {
  readonly transport: Transport;
  /** Cuts its connections and refuses new ones. */
  sever(): Promise<void>;
  /** Lets nothing pass any more, without closing anything. */
  freeze(): void;
  /** Takes new connections again. */
  restore(): Promise<void>;
}

/** The store of a transport, as a test gets hold of it. */
export interface TransportStore {
  /** A transport as a process of its own would have it. */
  open(): Transport;
  /** One that loses its connections when the test says so: to the store its process was killed. */
  openSeverable(): Promise<SeverableTransport>;
  /** Kills the store, or every connection to it, and brings it back with everything in it. */
  killAndRestore(): Promise<void>;
  /** The store forgets everything, while transports are connected. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/** What the tests of a transport share: its store, a subject for each test, and the transports that are closed after it. */
export class TransportTests {
  store!: TransportStore;
  subject = '';
  private opened: Transport[] = [];
  private number = 0;

  constructor(
    private readonly start: () => Promise<TransportStore>,
    /** After how long the store gives to others what a silent process holds. */
    readonly leaseMs: number,
  ) {
    beforeAll(async () => {
      this.store = await this.start();
    });
    afterAll(() => this.store.close());
    beforeEach(() => {
      this.subject = `task.case${(this.number += 1)}`;
    });
    afterEach(async () => {
      await Promise.all(this.opened.map((transport) => transport.close()));
      this.opened = [];
    });
  }

  open(): Transport {
    return this.closing(this.store.open());
  }

  /** Closes it after the test. */
  closing(transport: Transport): Transport {
    this.opened.push(transport);
    return transport;
  }

  /** Publishes as the relay does: again until it succeeded. */
  async publish(transport: Transport, batch: readonly Envelope[]): Promise<void> {
    for (;;) {
      try {
        await transport.publish(batch);
        return;
      } catch {
        await pause(50);
      }
    }
  }
}
