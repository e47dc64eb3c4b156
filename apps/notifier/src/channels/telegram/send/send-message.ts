import { Injectable } from '@nestjs/common';
import { type ClaimedDelivery } from '../../../messages/delivery';
import { type Button } from '../../../messages/rich-text';
import { BotApi } from '../bot-api';

/** Less than the lease of a delivery: whoever waits longer has lost it. */
const TIMEOUT_MS = 10_000;

/** Hands a delivery to the Bot API. */
@Injectable()
export class SendMessage {
  constructor(private readonly api: BotApi) {}

  /**
   * @returns id of the message
   * @throws BotApiError
   */
  async send({ kind, chatId, messageId, text, entities, buttons }: ClaimedDelivery): Promise<number> {
    const content = {
      chat_id: chatId,
      text,
      // Never parse_mode: what a record or a person is called stays text.
      entities: entities.map((entity) => ({ ...entity })),
      link_preview_options: { is_disabled: true },
      reply_markup: { inline_keyboard: buttons.map((row) => row.map(toApiButton)) },
    };
    if (kind === 'edit' && messageId !== null) {
      await this.api.call('editMessageText', { ...content, message_id: messageId }, { timeoutMs: TIMEOUT_MS });
      return messageId;
    }
    const sent = await this.api.call('sendMessage', content, { timeoutMs: TIMEOUT_MS });
    return sent.message_id;
  }
}

type ApiButton = { text: string; callback_data: string } | { text: string; url: string };

function toApiButton(button: Button): ApiButton {
  if ('url' in button) return { text: button.text, url: button.url };
  return { text: button.text, callback_data: button.data };
}
