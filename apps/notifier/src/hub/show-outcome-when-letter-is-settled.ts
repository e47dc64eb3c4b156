import { Controller } from '@nestjs/common';
import { done, OnEvent, type Delivery, type Outcome } from '@recert/bus';
import { LetterSettled } from '@recert/contracts';
import { LetterRepository } from './letter.repository';
import { ShowLetters } from './show-letters';

/** What became of a dead letter that was handled again, wherever somebody wanted that. */
@Controller()
export class ShowOutcomeWhenLetterIsSettled {
  constructor(
    private readonly letters: LetterRepository,
    private readonly show: ShowLetters,
  ) {}

  @OnEvent(LetterSettled, { durable: 'notifier.show-outcome-when-letter-is-settled' })
  async handle(settled: LetterSettled, { tx }: Delivery): Promise<Outcome> {
    const group = await this.letters.settle(tx.db, settled);
    if (group !== null) await this.show.show(tx, group);
    return done;
  }
}
