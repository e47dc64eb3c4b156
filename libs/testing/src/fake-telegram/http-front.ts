import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { ApiError, notFound, unauthorized } from './api-error';
import { answerOf, type Faults } from './faults';
import { type Parameters, readParameters } from './parameters';

/** One call of the bot, as it was answered. */
export interface Call {
  method: string;
  parameters: Readonly<Record<string, unknown>>;
  at: Date;
  /** The HTTP status; 0 while it is open, or when it was never answered. */
  status: number;
}

export interface FrontOptions {
  token: string;
  faults: Faults;
  now: () => Date;
  run: (method: string, parameters: Parameters) => unknown;
}

/** The HTTP side: addresses, tokens, bodies, planned faults, and being reachable at all. */
export class HttpFront {
  readonly calls: Call[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  constructor(private readonly options: FrontOptions) {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens; from the second time on, on the port of the first. */
  async up(): Promise<void> {
    if (this.server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Breaks every connection and refuses new ones. */
  async down(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call: Call = { method: '', parameters: {}, at: this.options.now(), status: 0 };
    try {
      const { method, parameters } = await this.read(request);
      Object.assign(call, { method, parameters: parameters.values });
      this.calls.push(call);
      await this.perform(method, parameters, response, call);
    } catch (error) {
      if (error instanceof ApiError) return send(response, call, error.code, error.toBody());
      // A fault of the fake itself must not look like one of Telegram's.
      send(response, call, 500, { ok: false, error_code: 500, description: `The fake failed: ${String(error)}` });
    }
  }

  private async read(request: IncomingMessage): Promise<{ method: string; parameters: Parameters }> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://telegram');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, token, method] = /^\/bot([^/]*)\/([^/]+)\/?$/.exec(pathname) ?? [];
    if (token === undefined || method === undefined || !/^\d+:/.test(token)) throw notFound();
    if (token !== this.options.token) throw unauthorized();
    const parameters = readParameters(searchParams, request.headers['content-type'] ?? '', Buffer.concat(chunks));
    return { method, parameters };
  }

  private async perform(method: string, parameters: Parameters, response: ServerResponse, call: Call): Promise<void> {
    const fault = this.options.faults.take(method, parameters);
    if (fault === 'timeout') return;
    if (fault === 'bad-gateway') {
      call.status = 502;
      response.writeHead(502, { 'Content-Type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
      return;
    }
    const planned = fault === undefined ? undefined : answerOf(fault);
    if (planned !== undefined) throw planned;
    const result = await this.options.run(method, parameters);
    if (fault === 'drop-response') response.destroy();
    else send(response, call, 200, { ok: true, result });
  }
}

function send(response: ServerResponse, call: Call, status: number, body: object): void {
  call.status = status;
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
