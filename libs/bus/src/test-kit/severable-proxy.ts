import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';

/** A TCP proxy on loopback whose connections a test can cut or freeze: what a killed process or a dead network looks like. */
export class SeverableProxy {
  private readonly pairs = new Set<[Socket, Socket]>();
  private server: Server | null = null;
  private frozen = false;
  port = 0;

  constructor(private readonly target: NetConnectOpts) {}

  async listen(): Promise<this> {
    const server = createServer((client) => this.forward(client));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as { port: number }).port;
    this.server = server;
    server.unref();
    return this;
  }

  /** Cuts every connection and refuses new ones. */
  async sever(): Promise<void> {
    this.frozen = false;
    const closed = new Promise((resolve) => (this.server === null ? resolve(null) : this.server.close(resolve)));
    this.server = null;
    for (const [client, upstream] of this.pairs) {
      client.destroy();
      upstream.destroy();
    }
    await closed;
  }

  /** Passes nothing on any more, without a word to either side. */
  freeze(): void {
    this.frozen = true;
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  private forward(client: Socket): void {
    const upstream = connect(this.target);
    const pair: [Socket, Socket] = [client, upstream];
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      if (this.frozen) return;
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) socket.on('error', () => undefined).on('close', end);
    client.pipe(upstream);
    upstream.pipe(client);
    if (this.frozen) this.freeze();
  }
}
