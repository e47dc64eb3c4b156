import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { LetterKept } from '@recert/contracts';
import { LetterRepository } from './letter.repository';
import { ShowLetters } from './show-letters';

/** What a service could not handle is told to the admins, with a button to handle it again. */
@Controller()
export class ShowLetterWhenItIsKept {
  constructor(
    private readonly letters: LetterRepository,
    private readonly show: ShowLetters,
  ) {}

  @OnEvent(LetterKept, { durable: 'notifier.show-letter-when-it-is-kept' })
  async handle(kept: LetterKept, { tx }: Delivery): Promise<Outcome> {
    const group = await this.letters.keep(tx.db, kept);
    if (group !== null) await this.show.show(tx, group);
    return done;
  }
}
