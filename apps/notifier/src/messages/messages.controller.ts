import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import {
  type MessageQuery,
  messageQuery,
  messageView,
  type MessageView,
  type Page,
  pageOf,
  resendView,
} from '@recert/contracts';
import { Access, Describe, fromCursor, parsed, toCursor, UserError } from '@recert/service-kit';
import { type z } from 'zod';
import { DeliveryRepository } from './delivery.repository';
import { Wake } from './wake';

/** What was or will be said to whom. */
@Controller('api/messages')
export class MessagesController {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly wake: Wake,
  ) {}

  /** Newest first. */
  @Get()
  @Access('admin')
  @Describe({
    says: 'Messages that were or will be sent, newest first.',
    query: messageQuery,
    answer: pageOf(messageView),
  })
  async list(@Query(parsed(messageQuery)) { limit, cursor, ...filter }: MessageQuery): Promise<Page<MessageView>> {
    const [before] = fromCursor(cursor, 1) ?? [null];
    const found = await this.deliveries.page(this.database.dataSource.manager, filter, idOf(before), limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last !== undefined ? toCursor([last.id]) : null };
  }

  /** Sends a message again that had failed. */
  @Post(':id/resend')
  @HttpCode(200)
  @Access('admin')
  @Describe({ says: 'Sends a message again that had failed.', answer: resendView })
  async resend(@Param('id') id: string): Promise<z.output<typeof resendView>> {
    const db = this.database.dataSource.manager;
    const number = idOf(id);
    const state = number === null ? null : await this.deliveries.state(db, number);
    if (number === null || state === null) throw UserError.notFound(`message "${id}"`);
    if (!(await this.deliveries.resend(db, number))) {
      throw UserError.conflict(`Message ${id} is ${state}: only one that failed can be sent again.`);
    }
    this.wake.wake('deliveries');
    return { resent: true };
  }
}

function idOf(text: string | number | null | undefined): number | null {
  return /^[1-9]\d{0,14}$/.test(String(text)) ? Number(text) : null;
}
