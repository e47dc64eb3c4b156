import { UseFilters } from '@nestjs/common';
import { Action, Ctx, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { ALERT_BUTTON, type AlertAction } from '../../../alerts/alert-buttons';
import { PressAlertButton } from '../../../alerts/press-alert-button';
import { workOf } from '../receive/update-work';
import { AnswerPress } from './answer-press';
import { Rethrow } from './rethrow.filter';

const NOTED = 'Noted';

/** Presses of the buttons under alerts, in private and in groups. */
@Update()
@UseFilters(new Rethrow())
export class AlertButtonUpdates {
  constructor(
    private readonly alerts: PressAlertButton,
    private readonly presses: AnswerPress,
  ) {}

  @Action(ALERT_BUTTON)
  async press(@Ctx() context: Context & { match?: RegExpExecArray }): Promise<void> {
    const query = context.callbackQuery;
    const [, nonce, action] = context.match ?? [];
    if (query === undefined || nonce === undefined || action === undefined) return;
    const work = workOf(context);
    const press = { nonce, action: action as AlertAction, userId: query.from.id };
    const refusal = await this.alerts.press(work.tx, press);
    this.presses.tell(work, query.id, refusal ?? NOTED, refusal !== null);
  }
}
