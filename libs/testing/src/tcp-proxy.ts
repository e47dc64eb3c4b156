import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

/** What slows down everything that passes, in both directions. */
export interface Impediment {
  /** Each piece that is read waits so long. */
  readonly delayMs?: number;
  /** Nothing is passed on in larger pieces. */
  readonly sliceBytes?: number;
  readonly bytesPerSecond?: number;
}

/** Two sockets, and whether one of them ended while nothing was passed on. */
interface Pair {
  readonly sockets: readonly [Socket, Socket];
  halfGone: boolean;
}

/**
 * A TCP proxy on loopback with which a test breaks one edge of a system: what a killed process, a dead network, a
 * strange one or a slow one looks like. Whatever it was told, `heal` makes it a plain one again.
 */
export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private server: Server | null = null;
  private impediment: Impediment = {};
  /** While it is frozen; resolves when it is not any more. */
  private frozen: Promise<void> | null = null;
  private thaw: () => void = () => undefined;
  port = 0;

  constructor(private readonly target: NetConnectOpts) {}

  /** On a free port at first, and on the same one after `sever`. */
  async listen(): Promise<this> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.forward(client));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as { port: number }).port;
    this.server = server;
    server.unref();
    return this;
  }

  /** Cuts every connection and refuses new ones. */
  async sever(): Promise<void> {
    this.flow();
    const closed = new Promise((resolve) => (this.server === null ? resolve(null) : this.server.close(resolve)));
    this.server = null;
    this.cut();
    await closed;
  }

  /** Ends the connections that there are; new ones are taken. */
  cut(): void {
    for (const { sockets } of this.pairs) for (const socket of sockets) socket.destroy();
  }

  /** As `cut`, with a RST to both sides in place of a FIN. */
  reset(): void {
    for (const { sockets } of this.pairs) for (const socket of sockets) socket.resetAndDestroy();
  }

  /** Half-open: passes nothing on any more, without a word to either side, on new connections neither. */
  freeze(): void {
    this.frozen ??= new Promise((resolve) => (this.thaw = resolve));
  }

  impede(impediment: Impediment): void {
    this.impediment = impediment;
  }

  /** Passes everything on, what it held back first, and takes connections again. */
  async heal(): Promise<void> {
    this.impediment = {};
    this.flow();
    if (this.server === null) await this.listen();
  }

  private flow(): void {
    this.frozen = null;
    this.thaw();
    for (const pair of this.pairs) if (pair.halfGone) end(pair);
  }

  private forward(client: Socket): void {
    const upstream = connect({ ...this.target, allowHalfOpen: true });
    const pair: Pair = { sockets: [client, upstream], halfGone: false };
    this.pairs.add(pair);
    for (const socket of pair.sockets)
      socket
        .setNoDelay(true)
        .on('error', () => undefined)
        .on('close', () => this.closed(pair, socket));
    const held = (): Passage =>
      new Passage(
        (piece, push) => this.pass(piece, push),
        () => this.whenFlowing(),
      );
    client.pipe(held()).pipe(upstream);
    upstream.pipe(held()).pipe(client);
  }

  private closed(pair: Pair, socket: Socket): void {
    if (this.frozen !== null) return void (pair.halfGone = true);
    // What it said before it ended in good order is still on its way to the other, and so is its end.
    const isGoodEnd = socket.readableEnded && !pair.sockets.every(({ destroyed }) => destroyed);
    if (isGoodEnd) return;
    this.pairs.delete(pair);
    end(pair);
  }

  private async whenFlowing(): Promise<void> {
    while (this.frozen !== null) await this.frozen;
  }

  private async pass(piece: Buffer, push: (slice: Buffer) => void): Promise<void> {
    const { delayMs = 0 } = this.impediment;
    if (delayMs > 0) await sleep(delayMs);
    for (let at = 0; at < piece.length;) {
      await this.whenFlowing();
      // Looked at for each slice: what was read before it was healed need not go on as slowly.
      const { bytesPerSecond, sliceBytes = piece.length } = this.impediment;
      const slice = piece.subarray(at, at + sliceBytes);
      push(slice);
      at += slice.length;
      if (bytesPerSecond !== undefined) await sleep((slice.length / bytesPerSecond) * 1000);
      else if (at < piece.length) await turn();
    }
  }
}

function end({ sockets }: Pair): void {
  for (const socket of sockets) socket.destroy();
}

class Passage extends Transform {
  constructor(
    private readonly pass: (piece: Buffer, push: (slice: Buffer) => void) => Promise<void>,
    private readonly whenFlowing: () => Promise<void>,
  ) {
    super();
  }

  override _transform(piece: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.pass(piece, (slice) => this.push(slice)).then(() => done(), done);
  }

  override _flush(done: TransformCallback): void {
    this.whenFlowing().then(() => done(), done);
  }
}
