import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { EventServer } from '@recert/bus';
import {
  deadLetterView,
  pageOf,
  pageQuery,
  replayView,
  type DeadLetterView,
  type Page,
  type ReplayView,
} from '@recert/contracts';
import { type z } from 'zod';
import { Access } from './access/principal';
import { UserError } from './errors';
import { Describe } from './http/describe';
import { parsed } from './http/zod.pipe';

/** What this process's services could not handle. */
@Controller('api/dead-letters')
export class DeadLettersController {
  constructor(private readonly events: EventServer) {}

  @Get()
  @Access('admin')
  @Describe({
    says: 'Events that a service could not handle, newest first.',
    query: pageQuery,
    answer: pageOf(deadLetterView),
  })
  async list(@Query(parsed(pageQuery)) query: z.output<typeof pageQuery>): Promise<Page<DeadLetterView>> {
    const lists = await Promise.all(this.events.deadLetters().map((letters) => letters.list(query.limit)));
    const items = lists.flat().sort((a, b) => b.at.localeCompare(a.at));
    return { items: items.slice(0, query.limit), next: null };
  }

  /** Runs it again through the same inbox: replaying twice acts once. */
  @Post(':id/replay')
  @HttpCode(200)
  @Access('admin')
  @Describe({ says: 'Handles an event again that had failed; twice acts once.', answer: replayView })
  async replay(@Param('id') id: string): Promise<ReplayView> {
    const known = /^[0-9a-f-]{36}$/i.test(id) ? await this.events.replay(id) : undefined;
    if (known === undefined) throw UserError.notFound(`dead letter "${id}"`);
    return { replayed: known === null, reason: known };
  }
}
