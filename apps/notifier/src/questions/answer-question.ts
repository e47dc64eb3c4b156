import { Injectable } from '@nestjs/common';
import { newEventId, type Tx } from '@recert/bus';
import { OwnerResponse } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { NonceRepository, type Button, type Press } from './nonce.repository';

/** Takes an answer that was given by a button. What comes of it, the registry decides. */
@Injectable()
export class AnswerQuestion {
  constructor(
    private readonly nonces: NonceRepository,
    private readonly clock: Clock,
  ) {}

  /** @returns null when the answer was taken, else the sentence that says why it was not */
  async answer(tx: Tx, pressed: Omit<Press, 'responseId' | 'now'>): Promise<string | null> {
    const now = this.clock.now();
    const responseId = newEventId(now);
    const button = await this.nonces.press(tx.db, { ...pressed, responseId, now });
    if (!button?.taken) return refusalOf(button, pressed);
    tx.publish(OwnerResponse, {
      responseId,
      processId: button.processId,
      reviewId: button.reviewId,
      answer: button.answer,
      by: button.recipient,
      at: now.toISOString(),
      channel: 'telegram',
      recordOpened: button.linkMeasured ? button.openedAt !== null : null,
    });
    return null;
  }
}

const UNKNOWN = 'This button opens nothing any more. Send /due for the questions that are open.';
const ALREADY = 'Your answer is noted already.';

function refusalOf(button: Button | null, pressed: Pick<Press, 'answer' | 'userId' | 'isPrivate'>): string {
  if (button === null || button.answer !== pressed.answer) return UNKNOWN;
  if (!pressed.isPrivate) return 'Answer in your private chat with me, where the question was asked.';
  if (button.userId !== pressed.userId) return 'This question was put to somebody else: only they can answer it.';
  if (!button.active) return 'You are switched off in Recert, so your answer cannot be taken. Ask an admin.';
  if (button.state === 'closed') return 'This question is no longer open. Send /due for those that are.';
  // Its question is open: either an answer is on its way, or these are not its buttons any more.
  return button.state === 'answered' || !button.isUsed ? ALREADY : UNKNOWN;
}
