import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { LetterWanted, MOST_LETTERS } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { refusalOfReplay } from './letter-message';
import { LetterRepository } from './letter.repository';
import { ShowLetters } from './show-letters';

const UNKNOWN = 'This button opens nothing any more. The console lists what could not be handled.';

/** Takes the wish of an admin that dead letters are handled again. What comes of it, their service says. */
@Injectable()
export class PressReplayButton {
  constructor(
    private readonly letters: LetterRepository,
    private readonly show: ShowLetters,
    private readonly clock: Clock,
  ) {}

  /** @returns whether the press was taken, and the sentence that answers it */
  async press(tx: Tx, nonce: string, userId: number): Promise<{ taken: boolean; says: string }> {
    const pressed = await this.letters.pressed(tx.db, nonce, userId);
    if (pressed === null) return { taken: false, says: UNKNOWN };
    const refusal = refusalOfReplay(pressed);
    if (refusal !== null || pressed.presser === null) return { taken: false, says: refusal ?? UNKNOWN };
    const by = pressed.presser.handle;
    const { id, service } = pressed.group;
    const letterIds = await this.letters.openOnes(tx.db, id, MOST_LETTERS);
    tx.publish(LetterWanted, { service, letterIds, by, at: this.clock.now().toISOString() });
    await this.show.show(tx, await this.letters.noteWish(tx.db, id, by));
    return { taken: true, says: `Handling ${letterIds.length} again` };
  }
}
