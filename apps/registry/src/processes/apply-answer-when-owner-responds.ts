import { Controller } from '@nestjs/common';
import { done, drop, OnEvent, type Delivery, type Outcome, type Tx } from '@recert/bus';
import { OwnerResponse } from '@recert/contracts';
import { PersonRepository } from '../people/person.repository';
import { AnswerProcess, standingOf } from './answer-process';
import { EvidenceRepository, type Response } from './evidence.repository';
import { type Process } from './process';
import { ProcessRepository } from './process.repository';
import { untilReviewIsKnown } from './wait-for-review';

/** An answer that came through a channel is applied once, by what its sender is to the process now. */
@Controller()
export class ApplyAnswerWhenOwnerResponds {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly people: PersonRepository,
    private readonly evidence: EvidenceRepository,
    private readonly answering: AnswerProcess,
  ) {}

  @OnEvent(OwnerResponse, { durable: 'registry.apply-answer-when-owner-responds' })
  async handle(data: OwnerResponse, { tx, deliveries }: Delivery): Promise<Outcome> {
    const { responseId, processId, reviewId } = data;
    const process = await this.processes.lock(tx, processId);
    if (process === null) return drop(`there is no process "${processId}"`);
    const known = await this.evidence.knows(tx, responseId, reviewId);
    if (known.response) return done;
    const wait = known.review ? null : untilReviewIsKnown(deliveries);
    if (wait !== null) return wait;
    const response: Response = { ...data, id: responseId, at: new Date(data.at) };
    await this.answering.answer(tx, process, response, await this.standing(tx, process, data.by));
    return done;
  }

  private async standing(tx: Tx, process: Process, handle: string) {
    const person = await this.people.find(tx.db, handle);
    if (person === null || !person.active) return 'stranger';
    return standingOf(process, handle, person.roles.includes('admin'));
  }
}
