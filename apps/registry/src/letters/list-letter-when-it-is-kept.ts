import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { LetterKept } from '@recert/contracts';
import { LetterRepository } from './letter.repository';

/** What any service could not handle stands in one list. */
@Controller()
export class ListLetterWhenItIsKept {
  constructor(private readonly letters: LetterRepository) {}

  @OnEvent(LetterKept, { durable: 'registry.list-letter-when-it-is-kept' })
  async handle(kept: LetterKept, { tx }: Delivery): Promise<Outcome> {
    await this.letters.keep(tx, kept);
    return done;
  }
}
