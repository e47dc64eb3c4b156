import { type ServerResponse } from 'node:http';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { Access, Describe, Identities, mayPass, sessionCookieOf } from '@recert/service-kit';
import { LiveStream } from './live-stream';
import { LiveStreams } from './live-streams';

/** As much of a request and a reply as a stream takes. */
interface Visit {
  readonly method: string;
  readonly headers: { readonly authorization?: string; readonly 'last-event-id'?: string };
  readonly cookies: Readonly<Record<string, string | undefined>>;
}
interface Hijacked {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Else nginx keeps what it gets until there is more of it.
  'x-accel-buffering': 'no',
};

@Controller('api')
export class LiveController {
  constructor(
    private readonly streams: LiveStreams,
    private readonly identities: Identities,
  ) {}

  @Get('live')
  @Access('viewer')
  @Describe({
    says: 'Says of each change what it is of, for as long as the connection lasts: server-sent events.',
    type: 'text/event-stream',
  })
  async follow(@Req() visit: Visit, @Res() reply: Hijacked): Promise<void> {
    const { raw } = reply;
    const stream = new LiveStream(raw, () => this.mayStay(visit));
    raw.on('close', () => this.streams.remove(stream));
    // A connection that breaks is closed, too.
    raw.on('error', () => undefined);
    await this.streams.add(stream);
    reply.hijack();
    if (stream.isOver) return void raw.end();
    raw.writeHead(200, HEADERS);
    if (visit.method === 'HEAD') return void raw.end();
    stream.open(visit.headers['last-event-id'] !== undefined);
  }

  private async mayStay({ headers, cookies }: Visit): Promise<boolean> {
    const token = headers.authorization?.replace(/^Bearer +/i, '');
    const cookie = sessionCookieOf(cookies);
    const principal =
      token !== undefined
        ? await this.identities.bearer(token)
        : cookie !== undefined
          ? await this.identities.session(cookie)
          : null;
    return principal !== null && mayPass(principal, 'viewer');
  }
}
