import { Controller } from '@nestjs/common';
import { done, drop, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { ProcessCertified, ProcessRegistered, OwnerResponse } from '@recert/contracts';
import { type Standing } from '@recert/recertification';
import { type Person } from '../people/person';
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

  @OnEvent(OwnerResponse, {
    durable: 'registry.apply-answer-when-owner-responds',
    emits: [ProcessCertified, ProcessRegistered],
  })
  async handle(data: OwnerResponse, { tx, deliveries }: Delivery): Promise<Outcome> {
    const { responseId, processId, reviewId } = data;
    // What is asked behind the lock is answered behind it: the connection keeps the order.
    const [process, known, person] = await Promise.all([
      this.processes.lock(tx, processId),
      this.evidence.knows(tx, responseId, reviewId),
      this.people.find(tx.db, data.by),
    ]);
    if (process === null) return drop(`there is no process "${processId}"`);
    if (known.response) return done;
    const wait = known.review ? null : untilReviewIsKnown(deliveries);
    if (wait !== null) return wait;
    const response: Response = { ...data, id: responseId, at: new Date(data.at) };
    await this.answering.answer(tx, process, response, standingNow(process, person));
    return done;
  }
}

function standingNow(process: Process, person: Person | null): Standing {
  if (person === null || !person.active) return 'stranger';
  return standingOf(process, person.handle, person.roles.includes('admin'));
}
