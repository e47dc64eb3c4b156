import { type AddressInfo } from 'node:net';
import { type SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as the server took it. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header and body as they came. */
  readonly raw: string;
}

/** A mail server with one user, on loopback and without encryption. */
export class FakeMailServer {
  readonly mails: Mail[] = [];
  private server: SMTPServer | undefined;
  private refusals: { code: number; times: number } | null = null;

  constructor(
    private readonly user: string,
    private readonly password: string,
  ) {}

  /** With user and password. */
  get url(): string {
    const { port } = this.server?.server.address() as AddressInfo;
    return `smtp://${this.user}:${this.password}@127.0.0.1:${port}`;
  }

  /** The next mails are refused so. */
  refuse(code: number, times = 1): void {
    this.refusals = { code, times };
  }

  async up(): Promise<void> {
    // Loaded here, so that only those tests wait for it that send mails.
    const { SMTPServer } = await import('smtp-server');
    const server = (this.server = new SMTPServer(this.options()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => (this.server === undefined ? resolve() : this.server.close(resolve)));
  }

  private options(): SMTPServerOptions {
    return {
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onAuth: ({ username, password }, _session, done) =>
        username === this.user && password === this.password
          ? done(null, { user: this.user })
          : done(Object.assign(new Error('Authentication failed'), { responseCode: 535 })),
      onMailFrom: (_address, _session, done) => done(this.takeRefusal()),
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          const to = envelope.rcptTo.map(({ address }) => address);
          this.mails.push({ from, to, raw: Buffer.concat(chunks).toString() });
          done(null);
        });
      },
    };
  }

  private takeRefusal(): Error | null {
    if (this.refusals === null) return null;
    const { code, times } = this.refusals;
    this.refusals = times > 1 ? { code, times: times - 1 } : null;
    return Object.assign(new Error('Refused by the test'), { responseCode: code });
  }
}

/** Starts a mail server. */
export async function startFakeMailServer(user = 'recert', password = 'password-of-tests'): Promise<FakeMailServer> {
  const server = new FakeMailServer(user, password);
  await server.up();
  return server;
}
