import { Controller, Delete, Get, HttpCode, Param, Query, Req } from '@nestjs/common';
import { pageOf, pageQuery, sessionView, type Page, type SessionView } from '@recert/contracts';
import {
  Access,
  Clock,
  Describe,
  fromCursor,
  parsed,
  Sender,
  sessionCookieOf,
  sha256,
  toCursor,
  type Principal,
} from '@recert/service-kit';
import { type z } from 'zod';
import { toSessionView } from './session';
import { SessionRepository } from './session.repository';
import { Sessions } from './sessions';

interface WithCookies {
  readonly cookies: Readonly<Record<string, string | undefined>>;
}

@Controller('api/sessions')
@Access('viewer')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly stored: SessionRepository,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Describe({
    says: 'Where somebody is logged in, newest first: an admin sees all, others their own.',
    query: pageQuery,
    answer: pageOf(sessionView),
  })
  async list(
    @Query(parsed(pageQuery)) query: z.output<typeof pageQuery>,
    @Sender() sender: Principal,
    @Req() request: WithCookies,
  ): Promise<Page<SessionView>> {
    const seesAll = sender.role === 'admin';
    // A token that is nobody's has no sessions of its own.
    if (!seesAll && sender.handle === null) return { items: [], next: null };
    const [before] = fromCursor(query.cursor, 1) ?? [null];
    const found = await this.stored.page(
      this.clock.now(),
      seesAll ? null : sender.handle,
      before === null ? null : String(before),
      query.limit + 1,
    );
    const cookie = sender.via === 'session' ? sessionCookieOf(request.cookies) : undefined;
    const current = cookie === undefined ? null : sha256(cookie);
    const items = found.slice(0, query.limit).map((session) => toSessionView(session, current));
    return { items, next: found.length > items.length ? toCursor([items.at(-1)!.id]) : null };
  }

  @Delete(':id')
  @HttpCode(204)
  @Describe({ says: "Ends a session: of your own, or anybody's for an admin.", answer: null })
  async revoke(@Param('id') id: string, @Sender() sender: Principal): Promise<void> {
    await this.sessions.revoke(id, sender);
  }
}
