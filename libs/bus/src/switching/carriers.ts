import { type Transport } from '../transport';
import { addressOf, type BusUrls, urlOf } from './bus-address';

/** There is no way to an address, as far as this process knows. The message says how to mend it. */
export class UnknownCarrier extends Error {
  override readonly name = 'UnknownCarrier';
}

/** The transports that this process has open, by address: one of each, however many of its services use it. */
export class Carriers {
  private readonly opened = new Map<string, Transport>();
  private readonly users = new Map<string, Set<string>>();
  private readonly listeners = new Set<(transport: Transport) => void>();
  private closing: Promise<unknown> = Promise.resolve();
  private ended = false;

  private constructor(
    /** The address that BUS_URL says. */
    readonly home: string,
    readonly urls: BusUrls,
    private readonly connect: (url: string) => Transport,
  ) {}

  /** @param connect opens the transport of a url, without waiting for it */
  static to(urls: BusUrls, connect: (url: string) => Transport): Carriers {
    return new Carriers(addressOf(urls.home), urls, connect);
  }

  /** One transport that is there already, and no way to another. */
  static only(transport: Transport): Carriers {
    const carriers = new Carriers('given', { home: 'given' }, () => transport);
    carriers.at('given');
    return carriers;
  }

  /** @throws UnknownCarrier when the address cannot be used here */
  at(address: string): Transport {
    const known = this.opened.get(address);
    if (known !== undefined) return known;
    if (this.ended) throw new Error('the bus is closed');
    const transport = this.connect(this.urlAt(address));
    this.opened.set(address, transport);
    for (const listener of this.listeners) listener(transport);
    return transport;
  }

  /** @returns why the address cannot be used here, or null */
  whyNot(address: string): string | null {
    if (address === this.home) return null;
    if (this.home === 'given') return 'this process knows one transport only';
    const found = urlOf(address, this.urls);
    return found.ok ? null : found.reason;
  }

  /** A service needs these, too. */
  hold(service: string, addresses: readonly string[]): void {
    this.users.set(service, new Set([...(this.users.get(service) ?? []), ...addresses]));
  }

  /** A service needs exactly these from now on; what no service needs any more is closed, which nobody has to wait for. */
  use(service: string, addresses: readonly string[]): void {
    this.users.set(service, new Set(addresses));
    const needed = new Set([...this.users.values()].flatMap((set) => [...set]));
    for (const [address, transport] of this.opened) {
      if (needed.has(address)) continue;
      this.opened.delete(address);
      this.closing = Promise.all([this.closing, transport.close()]);
    }
  }

  /** Calls `listener` with each transport that is open, and each that is opened later. */
  onOpened(listener: (transport: Transport) => void): () => void {
    this.listeners.add(listener);
    for (const transport of this.opened.values()) listener(transport);
    return () => void this.listeners.delete(listener);
  }

  get all(): ReadonlyMap<string, Transport> {
    return this.opened;
  }

  async close(): Promise<void> {
    this.ended = true;
    await Promise.all([this.closing, ...[...this.opened.values()].map((transport) => transport.close())]);
  }

  private urlAt(address: string): string {
    if (address === this.home) return this.urls.home;
    const found = urlOf(address, this.urls);
    if (!found.ok) throw new UnknownCarrier(found.reason);
    return found.url;
  }
}
