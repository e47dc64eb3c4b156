import { Injectable, Logger } from '@nestjs/common';
import { type Part, compose } from '../../../messages/rich-text';
import { BotApi } from '../bot-api';
import { BotApiError, withoutToken } from '../bot-api-error';
import { type UpdateWork } from '../receive/update-work';
import { DeliverySender } from '../send/delivery-sender';

const TIMEOUT_MS = 10_000;
/** Whoever waits longer for an answer asks again. */
const PATIENCE_MS = 20_000;
const MOST_ATTEMPTS = 3;

/** Says what may be kept nowhere, so that it goes past the rows of what is to be sent. */
@Injectable()
export class SayUnwritten {
  private readonly log = new Logger('telegram');

  constructor(
    private readonly api: BotApi,
    private readonly sender: DeliverySender,
  ) {}

  /** Once everything is committed, and best effort: an answer that is lost is asked for again. */
  say(work: UpdateWork, chatId: number, parts: readonly Part[]): void {
    work.afterwards(() => this.send(chatId, parts));
  }

  private async send(chatId: number, parts: readonly Part[]): Promise<void> {
    const { text, entities } = compose(parts);
    const message = {
      chat_id: chatId,
      text,
      entities: entities.map((entity) => ({ ...entity })),
      link_preview_options: { is_disabled: true },
    };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      try {
        await this.sender.sayBetween(chatId, signal, () =>
          this.api.call('sendMessage', message, { timeoutMs: TIMEOUT_MS }),
        );
        return;
      } catch (error) {
        this.log.warn(`An answer that is not kept could not be sent: ${withoutToken(String(error))}`);
        // Twice the same link is no harm; what Telegram refuses for good is not said again.
        if (!(error instanceof BotApiError) || !mayPass(error)) return;
      }
    }
  }
}

function mayPass({ failure }: BotApiError): boolean {
  return failure.kind === 'flood' || failure.kind === 'away';
}
