import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { BusRefilled } from '@recert/contracts';
import { BusRepository } from './bus.repository';

/** How many events a service publishes again, for whoever wanted it. */
@Controller()
export class NoteAnswerWhenBusIsRefilled {
  constructor(private readonly repository: BusRepository) {}

  @OnEvent(BusRefilled, { durable: 'registry.note-answer-when-bus-is-refilled' })
  async handle(refilled: BusRefilled, { tx }: Delivery): Promise<Outcome> {
    await this.repository.noteRefilled(tx, refilled);
    return done;
  }
}
