import { UseFilters } from '@nestjs/common';
import { Action, Ctx, Update } from 'nestjs-telegraf';
import { type Context } from 'telegraf';
import { REPLAY_BUTTON } from '../../../hub/letter-message';
import { PressReplayButton } from '../../../hub/press-replay-button';
import { workOf } from '../receive/update-work';
import { AnswerPress } from './answer-press';
import { Rethrow } from './rethrow.filter';

/** Presses of the button under dead letters, in private and in groups. */
@Update()
@UseFilters(new Rethrow())
export class ReplayButtonUpdates {
  constructor(
    private readonly letters: PressReplayButton,
    private readonly presses: AnswerPress,
  ) {}

  @Action(REPLAY_BUTTON)
  async press(@Ctx() context: Context & { match?: RegExpExecArray }): Promise<void> {
    const query = context.callbackQuery;
    const [, nonce] = context.match ?? [];
    if (query === undefined || nonce === undefined) return;
    const work = workOf(context);
    const { taken, says } = await this.letters.press(work.tx, nonce, query.from.id);
    this.presses.tell(work, query.id, says, !taken);
  }
}
