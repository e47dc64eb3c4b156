import { Injectable } from '@nestjs/common';
import { BotApi } from '../bot-api';
import { type UpdateWork } from '../receive/update-work';

/** Telegram forgets a press after a while: nobody waits longer for the sentence that answers it. */
const TIMEOUT_MS = 5000;

/** Tells whoever pressed a button that it was noticed. */
@Injectable()
export class AnswerPress {
  constructor(private readonly api: BotApi) {}

  /** Once everything is committed, and best effort: what counts shows in the message. */
  tell(work: UpdateWork, queryId: string, text: string, isAlert: boolean): void {
    work.afterwards(async () => {
      const answer = { callback_query_id: queryId, text, show_alert: isAlert };
      await this.api.call('answerCallbackQuery', answer, { timeoutMs: TIMEOUT_MS });
    });
  }
}
