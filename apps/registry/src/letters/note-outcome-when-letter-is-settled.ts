import { Controller } from '@nestjs/common';
import { done, OnEvent, retry, type Delivery, type Outcome } from '@recert/bus';
import { LetterSettled } from '@recert/contracts';
import { LetterRepository } from './letter.repository';

/** About a minute in all. */
const PATIENCE = 8;

/** What became of a dead letter that was handled again. */
@Controller()
export class NoteOutcomeWhenLetterIsSettled {
  constructor(private readonly letters: LetterRepository) {}

  @OnEvent(LetterSettled, { durable: 'registry.note-outcome-when-letter-is-settled' })
  async handle(settled: LetterSettled, { tx, deliveries }: Delivery): Promise<Outcome> {
    if (await this.letters.settle(tx, settled)) return done;
    // Two subjects: the later word may be here first. One that is never told of concerns nobody here.
    return deliveries < PATIENCE ? retry(250 * 2 ** deliveries, 'nobody has told of this letter yet') : done;
  }
}
