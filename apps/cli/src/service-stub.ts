import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from './run';

interface Heard {
  readonly method: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly body: unknown;
}

/** A service that answers with what a test put there, by method and path without the query. */
export class ServiceStub {
  readonly heard: Heard[] = [];
  private readonly answers = new Map<string, { status: number; type: string; bodies: string[] }>();
  private server: Server | null = null;

  /** Several bodies are given one after the other, the last one for ever. */
  answer(what: string, status: number, bodies: readonly unknown[], type = 'application/json'): void {
    const texts = bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body)));
    this.answers.set(what, { status, type, bodies: texts });
  }

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method = '', url = '' } = request;
        this.heard.push({ method, url, token: request.headers.authorization, body: body ? JSON.parse(body) : null });
        const known = this.answers.get(`${method} ${url.split('?')[0]}`);
        response.writeHead(known?.status ?? 404, { 'content-type': known?.type ?? 'text/plain' });
        response.end(
          known === undefined ? 'nothing here' : known.bodies.length > 1 ? known.bodies.shift() : known.bodies[0],
        );
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

function sink(): { stream: Writable; written: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, written: () => Buffer.concat(chunks).toString() };
}

/** Runs a line as a shell would, its words between blanks, against a service. @param typed what somebody types */
export async function recert(line: string, environment: Record<string, string>, typed?: string) {
  const [out, err] = [sink(), sink()];
  const argv = line === '' ? [] : line.split(' ');
  const code = await run(argv, environment, {
    ...{ stdout: out.stream, stderr: err.stream },
    ...(typed === undefined ? {} : { stdin: Readable.from([typed]) }),
  });
  return { code, out: out.written(), err: err.written() };
}
