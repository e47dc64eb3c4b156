import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually';
import { TcpProxy } from './tcp-proxy';

describe('a proxy in front of a server that says everything again', () => {
  let server: Server;
  let proxy: TcpProxy;
  const atServer: Socket[] = [];
  const clients: Client[] = [];

  class Client {
    heard = Buffer.alloc(0);
    pieces = 0;
    ended: string | null = null;
    private constructor(readonly socket: Socket) {
      socket.setNoDelay(true);
      socket.on('data', (piece: Buffer) => {
        this.heard = Buffer.concat([this.heard, piece]);
        this.pieces += 1;
      });
      socket.on('error', ({ code }: NodeJS.ErrnoException) => (this.ended = code ?? 'error'));
      socket.on('end', () => (this.ended ??= 'closed'));
    }
    static async open(): Promise<Client> {
      const client = new Client(connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true }));
      clients.push(client);
      await once(client.socket, 'connect');
      return client;
    }
    hears = (bytes: number): Promise<void> => eventually(() => expect(this.heard.length).toBe(bytes));
    ends = (): Promise<void> => eventually(() => expect(this.ended).not.toBeNull());
  }

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      atServer.push(socket);
      socket.on('error', () => undefined).pipe(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await new TcpProxy({ host: '127.0.0.1', port: (server.address() as { port: number }).port }).listen();
  });
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    await proxy.sever();
    for (const socket of atServer.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('passes bytes on as they are, and the end after them', async () => {
    const client = await Client.open();
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
    client.socket.end(sent);
    await client.ends();
    expect(client.heard.equals(sent)).toBe(true);
    expect(client.ended).toBe('closed');
  });

  it('cuts what is there, and takes new ones', async () => {
    const client = await Client.open();
    client.socket.write('x');
    await client.hears(1);
    proxy.cut();
    await client.ends();
    await eventually(() => expect(atServer[0]!.destroyed).toBe(true));
    const next = await Client.open();
    next.socket.write('y');
    await next.hears(1);
  });

  it('resets both sides', async () => {
    const client = await Client.open();
    client.socket.write('x');
    await client.hears(1);
    proxy.reset();
    await client.ends();
    expect(client.ended).toBe('ECONNRESET');
  });

  it('takes nobody while it is severed, and is on the same port again when it is healed', async () => {
    const { port } = proxy;
    await proxy.sever();
    await expect(Client.open()).rejects.toThrow('ECONNREFUSED');
    await proxy.heal();
    expect(proxy.port).toBe(port);
    const client = await Client.open();
    client.socket.write('x');
    await client.hears(1);
  });

  it('says nothing to anybody while it is frozen, and what it held back when it is healed', async () => {
    const client = await Client.open();
    client.socket.write('x');
    await client.hears(1);
    proxy.freeze();
    client.socket.write('held');
    const later = await Client.open();
    later.socket.write('later');
    await sleep(100);
    expect([client.heard.length, later.heard.length, client.ended, later.ended]).toEqual([1, 0, null, null]);
    await proxy.heal();
    await client.hears(5);
    await later.hears(5);
  });

  it('does not tell the other side of an end while it is frozen, only when it is healed', async () => {
    const client = await Client.open();
    client.socket.write('x');
    await client.hears(1);
    proxy.freeze();
    client.socket.destroy();
    await sleep(100);
    expect(atServer[0]!.destroyed).toBe(false);
    await proxy.heal();
    await eventually(() => expect(atServer[0]!.destroyed).toBe(true));
  });

  it('lets each piece wait, both ways', async () => {
    proxy.impede({ delayMs: 100 });
    const client = await Client.open();
    const began = performance.now();
    client.socket.write('x');
    await client.hears(1);
    expect(performance.now() - began).toBeGreaterThanOrEqual(198);
  });

  it('passes no larger slices on, and all of them', async () => {
    proxy.impede({ sliceBytes: 1 });
    const client = await Client.open();
    const sent = Buffer.from('a sentence that comes in letters');
    client.socket.write(sent);
    await client.hears(sent.length);
    expect(client.heard.equals(sent)).toBe(true);
    expect(client.pieces).toBeGreaterThan(sent.length / 2);
  });

  it('passes no more in a second, until it is healed', async () => {
    proxy.impede({ bytesPerSecond: 1_000, sliceBytes: 50 });
    const client = await Client.open();
    const began = performance.now();
    client.socket.write(Buffer.alloc(10_000));
    await eventually(() => expect(client.heard.length).toBeGreaterThanOrEqual(200));
    expect(performance.now() - began).toBeGreaterThanOrEqual(145);
    expect(client.heard.length).toBeLessThan(1_000);
    await proxy.heal();
    await client.hears(10_000);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
