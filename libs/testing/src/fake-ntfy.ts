import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';

/** Of longer messages ntfy makes a file. */
const LONGEST = 4096;

/** A message as ntfy took it. */
export interface NtfyMessage {
  readonly title: string;
  readonly text: string;
  /** 1 to 5. */
  readonly priority: number;
  readonly click: string | null;
}

/** A server of ntfy with one topic, as strict as one of its own; refuses what it would show otherwise than it was meant. */
export class FakeNtfy {
  readonly messages: NtfyMessage[] = [];
  /** Of every request, the status that it was answered with. */
  readonly answers: number[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private planned: { status: number; times: number } | null = null;
  private port = 0;

  constructor(
    private readonly topic: string,
    private readonly token: string,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/${this.topic}`;
  }

  /** The next requests are answered so, and do nothing. */
  refuse(status: number, times = 1): void {
    this.planned = { status, times };
  }

  /** Listens; from the second time on, on the port of the first. */
  async up(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const status = this.judge(request, Buffer.concat(chunks));
    this.answers.push(status);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }

  private judge({ method, url, headers }: IncomingMessage, body: Buffer): number {
    if (this.planned !== null) {
      const { status, times } = this.planned;
      this.planned = times > 1 ? { status, times: times - 1 } : null;
      return status;
    }
    if (method !== 'POST' || url !== `/${this.topic}`) return 404;
    if (headers.authorization !== `Bearer ${this.token}`) return 403;
    const [title, priority] = [String(headers['title']), Number(headers['priority'])];
    if (body.length > LONGEST || !/^[\x20-\x7e]+$/.test(title) || ![1, 2, 3, 4, 5].includes(priority)) return 400;
    const { click } = headers;
    this.messages.push({ title, priority, text: body.toString(), click: typeof click === 'string' ? click : null });
    return 200;
  }
}

/** Starts a server of ntfy on loopback. */
export async function startFakeNtfy(topic = 'a-long-secret', token = 'tk_of-tests'): Promise<FakeNtfy> {
  const ntfy = new FakeNtfy(topic, token);
  await ntfy.up();
  return ntfy;
}
