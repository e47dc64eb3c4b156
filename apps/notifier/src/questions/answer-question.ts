import { Injectable } from '@nestjs/common';
import { newEventId, type Tx } from '@recert/bus';
import { type Answer, OwnerResponse } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { NonceRepository, type Button } from './nonce.repository';

/** Whoever pressed a button, as Telegram says and not as they say. */
export interface Press {
  readonly nonce: string;
  readonly answer: Answer;
  readonly userId: number;
  readonly isPrivate: boolean;
}

/** Takes an answer that was given by a button. What comes of it, the registry decides. */
@Injectable()
export class AnswerQuestion {
  constructor(
    private readonly nonces: NonceRepository,
    private readonly clock: Clock,
  ) {}

  /** @returns null when the answer was taken, else the sentence that says why it was not */
  async answer(tx: Tx, press: Press): Promise<string | null> {
    const button = await this.nonces.find(tx.db, press.nonce);
    const refusal = refusalOf(button, press);
    if (button === null || refusal !== null) return refusal ?? UNKNOWN;
    const now = this.clock.now();
    const responseId = newEventId(now);
    if (!(await this.nonces.use(tx.db, { ...press, responseId, now }))) return ALREADY;
    tx.publish(OwnerResponse, {
      responseId,
      processId: button.processId,
      reviewId: button.reviewId,
      answer: press.answer,
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

function refusalOf(button: Button | null, press: Press): string | null {
  if (button === null || button.answer !== press.answer) return UNKNOWN;
  if (!press.isPrivate) return 'Answer in your private chat with me, where the question was asked.';
  if (button.userId !== press.userId) return 'This question was put to somebody else: only they can answer it.';
  if (!button.active) return 'You are switched off in Recert, so your answer cannot be taken. Ask an admin.';
  if (button.state === 'answered') return ALREADY;
  if (button.state === 'closed') return 'This question is no longer open. Send /due for those that are.';
  return button.isUsed ? UNKNOWN : null;
}
