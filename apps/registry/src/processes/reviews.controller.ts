import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { newEventId, ServiceDatabase, type Cause } from '@recert/bus';
import {
  askBody,
  campaignBody,
  processView,
  responseBody,
  type ProcessView,
  type ResponseBody,
} from '@recert/contracts';
import { Access, Clock, Describe, parsed, Requested, Sender, UserError, type Principal } from '@recert/service-kit';
import { z } from 'zod';
import { AnswerProcess, standingOf, type Answered } from './answer-process';
import { AskForReview } from './ask-for-review';
import { type Response } from './evidence.repository';
import { toView } from './process';
import { ProcessRepository } from './process.repository';
import { inHistory } from './sender-in-history';

const askedView = z.object({ asked: z.int() });

/** Asking for reviews, and answering them, over HTTP. */
@Controller('api/processes')
export class ReviewsController {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly processes: ProcessRepository,
    private readonly asking: AskForReview,
    private readonly answering: AnswerProcess,
    private readonly clock: Clock,
  ) {}

  @Post('ask')
  @HttpCode(202)
  @Access('admin')
  @Describe({
    says: 'The annual campaign: everything that is written down is asked about, or that of a section or an owner.',
    body: campaignBody,
    answer: askedView,
  })
  async askAll(
    @Body(parsed(campaignBody)) { section, owner }: z.output<typeof campaignBody>,
    @Sender() sender: Principal,
    @Requested() cause: Cause,
  ): Promise<{ asked: number }> {
    const campaign = { section: section ?? null, owner: owner ?? null };
    return { asked: await this.asking.askAll(campaign, inHistory(sender), cause) };
  }

  @Post(':id/ask')
  @HttpCode(202)
  @Access('admin')
  @Describe({ says: 'Asks for a review now.', body: askBody, answer: processView })
  async ask(
    @Param('id') id: string,
    @Body(parsed(askBody)) { reason }: z.output<typeof askBody>,
    @Sender() sender: Principal,
    @Requested() cause: Cause,
  ): Promise<ProcessView> {
    return toView(await this.asking.ask(id, reason, inHistory(sender), cause));
  }

  @Post(':id/response')
  @HttpCode(200)
  @Access('owner')
  @Describe({
    says: 'Answers for a process: its owner, its deputy or an admin. Anybody else is refused, and that is kept too.',
    body: responseBody,
    answer: processView,
  })
  async respond(
    @Param('id') id: string,
    @Body(parsed(responseBody)) body: ResponseBody,
    @Sender() sender: Principal,
    @Requested() cause: Cause,
  ): Promise<ProcessView> {
    const { process, refused } = await this.answer(id, body, sender, cause);
    // A refused answer is kept like any other, so the transaction is over before this is said.
    if (refused !== null) throw new UserError(refused.reason === 'not-yours' ? 403 : 409, refused.message);
    return toView(process);
  }

  private async answer(
    id: string,
    { answer, reviewId, recordOpened }: ResponseBody,
    sender: Principal,
    cause: Cause,
  ): Promise<Answered> {
    return this.database.transaction(async (tx) => {
      const process = await this.processes.lock(tx, id);
      if (process === null) throw UserError.notFound(`process "${id}"`);
      const at = this.clock.now();
      const response: Response = {
        ...{ id: newEventId(at), processId: id, reviewId: reviewId ?? null, answer, at },
        by: inHistory(sender),
        // A browser has a session, a program a token.
        channel: sender.via === 'session' ? 'inbox' : 'http',
        recordOpened: recordOpened ?? null,
      };
      const standing = standingOf(process, sender.handle, sender.role === 'admin');
      return this.answering.answer(tx, process, response, standing);
    }, cause);
  }
}
