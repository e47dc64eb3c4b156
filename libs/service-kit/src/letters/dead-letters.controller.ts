import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  deadLetterView,
  letterQuery,
  pageOf,
  replayBody,
  replaysView,
  replayView,
  type DeadLetterView,
  type LetterQuery,
  type Page,
  type ReplayBody,
  type ReplaysView,
  type ReplayView,
} from '@recert/contracts';
import { Access, Sender, type Principal } from '../access/principal';
import { Describe } from '../http/describe';
import { parsed } from '../http/zod.pipe';
import { LetterDesk } from './letter-desk';

/** What could not be handled, of the services of this process, or of all where the registry is among them. */
@Controller('api/dead-letters')
@Access('admin')
export class DeadLettersController {
  constructor(private readonly desk: LetterDesk) {}

  @Get()
  @Describe({
    says: 'Events and webhooks that a service could not handle: open ones first, newest first.',
    query: letterQuery,
    answer: pageOf(deadLetterView),
  })
  list(@Query(parsed(letterQuery)) query: LetterQuery): Promise<Page<DeadLetterView>> {
    return this.desk.page(query);
  }

  @Post('replay')
  @HttpCode(202)
  @Describe({
    says: 'Has several handled again, the oldest first: those that are named, or all open ones of a service, consumer or subject.',
    body: replayBody,
    answer: replaysView,
  })
  replayAll(@Body(parsed(replayBody)) which: ReplayBody, @Sender() sender: Principal): Promise<ReplaysView> {
    return this.desk.replayAll(which, senderOf(sender));
  }

  /** Runs it again through the same inbox: replaying twice acts once. */
  @Post(':id/replay')
  @HttpCode(200)
  @Describe({ says: 'Handles an event again that had failed; twice acts once.', answer: replayView })
  replay(@Param('id') id: string, @Sender() sender: Principal): Promise<ReplayView> {
    return this.desk.replay(id, senderOf(sender));
  }
}

function senderOf({ handle, name }: Principal): string {
  return handle ?? name;
}
