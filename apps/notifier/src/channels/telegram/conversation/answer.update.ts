import { UseFilters } from '@nestjs/common';
import { type Answer } from '@recert/contracts';
import { Action, Ctx, On, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { AnswerQuestion } from '../../../questions/answer-question';
import { BUTTON_DATA } from '../../../questions/nonce.repository';
import { workOf } from '../receive/update-work';
import { AnswerPress } from './answer-press';
import { Rethrow } from './rethrow.filter';

const NOTED = 'Noted';
const NOT_MINE = 'This button is none of mine. Send /due for the questions that are open.';

/** Presses of buttons. */
@Update()
@UseFilters(new Rethrow())
export class AnswerUpdates {
  constructor(
    private readonly questions: AnswerQuestion,
    private readonly presses: AnswerPress,
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
    this.presses.tell(work, query.id, refusal ?? NOTED, refusal !== null);
  }

  /** Buttons of somebody else's making. */
  @On('callback_query')
  async other(@Ctx() context: Context): Promise<void> {
    const query = context.callbackQuery;
    if (query === undefined) return;
    const work = workOf(context);
    work.isHandled = false;
    this.presses.tell(work, query.id, NOT_MINE, true);
  }
}
