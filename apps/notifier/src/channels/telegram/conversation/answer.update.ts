import { UseFilters } from '@nestjs/common';
import { type Answer } from '@recert/contracts';
import { Action, Ctx, On, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { AnswerQuestion } from '../../../questions/answer-question';
import { BUTTON_DATA } from '../../../questions/nonce.repository';
import { BotApi } from '../bot-api';
import { type UpdateWork, workOf } from '../receive/update-work';
import { Rethrow } from './rethrow.filter';

/** Telegram forgets a press after a while: nobody waits longer for the sentence that answers it. */
const TIMEOUT_MS = 5000;
const NOTED = 'Noted';
const NOT_MINE = 'This button is none of mine. Send /due for the questions that are open.';

/** Presses of buttons. */
@Update()
@UseFilters(new Rethrow())
export class AnswerUpdates {
  constructor(
    private readonly questions: AnswerQuestion,
    private readonly api: BotApi,
  ) {}

  @Action(BUTTON_DATA)
  async answer(@Ctx() context: Context & { match?: RegExpExecArray }): Promise<void> {
    const query = context.callbackQuery;
    const [, nonce, answer] = context.match ?? [];
    if (query === undefined || nonce === undefined || answer === undefined) return;
    const work = workOf(context);
    const isPrivate = context.chat?.type === 'private';
    const press = { nonce, answer: answer as Answer, userId: query.from.id, isPrivate };
    const refusal = await this.questions.answer(work.tx, press);
    this.tell(work, query.id, refusal ?? NOTED, refusal !== null);
  }

  /** Buttons of somebody else's making. */
  @On('callback_query')
  async other(@Ctx() context: Context): Promise<void> {
    const query = context.callbackQuery;
    if (query === undefined) return;
    const work = workOf(context);
    work.isHandled = false;
    this.tell(work, query.id, NOT_MINE, true);
  }

  /** Once everything is committed, and best effort: what counts shows in the message. */
  private tell(work: UpdateWork, queryId: string, text: string, isAlert: boolean): void {
    work.afterwards(async () => {
      const answer = { callback_query_id: queryId, text, show_alert: isAlert };
      await this.api.call('answerCallbackQuery', answer, { timeoutMs: TIMEOUT_MS });
    });
  }
}
