import { Controller, Get, Query } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { handle, inboxItem, type InboxItem, type Page, pageOf } from '@recert/contracts';
import { Access, Describe, parsed, Sender, type Principal } from '@recert/service-kit';
import { z } from 'zod';
import { type Question } from '../../questions/question';
import { QuestionRepository } from '../../questions/question.repository';
import { isWebAddress } from '../../questions/record-link';

const inboxQuery = z.object({ to: handle.optional() });

/** Every question is here too, whether it could be sent or not. It is answered at the registry. */
@Controller('api/inbox')
export class InboxController {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly questions: QuestionRepository,
  ) {}

  /** What waits for the sender's answer; admins see everybody's, or one person's with `?to=`. */
  @Get()
  @Access('owner')
  @Describe({
    says: 'The questions that wait for the sender; of everybody or one person for an admin.',
    query: inboxQuery,
    answer: pageOf(inboxItem),
  })
  async list(
    @Sender() sender: Principal,
    @Query(parsed(inboxQuery)) query: z.output<typeof inboxQuery>,
  ): Promise<Page<InboxItem>> {
    const whose = sender.role === 'admin' ? (query.to ?? null) : sender.handle;
    // A token that belongs to nobody has no questions.
    if (whose === null && sender.role !== 'admin') return { items: [], next: null };
    const open = await this.questions.inbox(this.database.dataSource.manager, whose);
    return { items: open.map(toItem), next: null };
  }
}

function toItem(question: Question): InboxItem {
  return {
    number: question.number,
    processId: question.processId,
    reviewId: question.reviewId,
    name: question.name,
    section: question.section,
    to: question.recipient,
    reason: question.reason,
    reminder: question.reminder,
    askedAt: (question.askedAt ?? question.createdAt).toISOString(),
    recordLink: question.url !== null && isWebAddress(question.url) ? question.url : null,
  };
}
