import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { newEventId, ServiceDatabase } from '@recert/bus';
import { askBody, campaignBody, responseBody, type ProcessView, type ResponseBody } from '@recert/contracts';
import { Access, Clock, parsed, Sender, UserError, type Principal } from '@recert/service-kit';
import { type z } from 'zod';
import { AnswerProcess, standingOf, type Answered } from './answer-process';
import { AskForReview } from './ask-for-review';
import { type Response } from './evidence.repository';
import { toView } from './process';
import { ProcessRepository } from './process.repository';

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

  /** The annual campaign: everything that is written down is asked about. */
  @Post('ask')
  @HttpCode(202)
  @Access('admin')
  async askAll(
    @Body(parsed(campaignBody)) { section, owner }: z.output<typeof campaignBody>,
    @Sender() sender: Principal,
  ): Promise<{ asked: number }> {
    return { asked: await this.asking.askAll({ section: section ?? null, owner: owner ?? null }, sender.name) };
  }

  @Post(':id/ask')
  @HttpCode(202)
  @Access('admin')
  async ask(
    @Param('id') id: string,
    @Body(parsed(askBody)) { reason }: z.output<typeof askBody>,
    @Sender() sender: Principal,
  ): Promise<ProcessView> {
    return toView(await this.asking.ask(id, reason, sender.name));
  }

  @Post(':id/response')
  @HttpCode(200)
  @Access('owner')
  async respond(
    @Param('id') id: string,
    @Body(parsed(responseBody)) body: ResponseBody,
    @Sender() sender: Principal,
  ): Promise<ProcessView> {
    const { process, refused } = await this.answer(id, body, sender);
    // A refused answer is kept like any other, so the transaction is over before this is said.
    if (refused !== null) throw new UserError(refused.reason === 'not-yours' ? 403 : 409, refused.message);
    return toView(process);
  }

  private async answer(id: string, { answer, reviewId }: ResponseBody, sender: Principal): Promise<Answered> {
    return this.database.transaction(async (tx) => {
      const process = await this.processes.lock(tx, id);
      if (process === null) throw UserError.notFound(`process "${id}"`);
      const at = this.clock.now();
      const response: Response = {
        ...{ id: newEventId(at), processId: id, reviewId: reviewId ?? null, answer, by: sender.name, at },
        channel: 'http',
        recordOpened: null,
      };
      const standing = standingOf(process, sender.handle, sender.role === 'admin');
      return this.answering.answer(tx, process, response, standing);
    });
  }
}
