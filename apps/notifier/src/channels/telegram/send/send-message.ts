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
  async send(delivery: ClaimedDelivery): Promise<number> {
    const { kind, messageId } = delivery;
    if (kind === 'edit' && messageId !== null) {
      await this.edit(delivery, messageId);
      return messageId;
    }
    const place = placeOf(delivery);
    if (delivery.photo !== null) {
      const shown = { ...place, photo: upload(delivery.photo), ...captionOf(delivery) };
      return (await this.api.call('sendPhoto', shown, { timeoutMs: TIMEOUT_MS })).message_id;
    }
    return (await this.api.call('sendMessage', { ...place, ...textOf(delivery) }, { timeoutMs: TIMEOUT_MS }))
      .message_id;
  }

  private async edit(delivery: ClaimedDelivery, messageId: number): Promise<void> {
    const message = { chat_id: delivery.chatId, message_id: messageId };
    if (delivery.isCaption && delivery.photo !== null) {
      const { reply_markup, ...caption } = captionOf(delivery);
      const media = { type: 'photo' as const, media: upload(delivery.photo), ...caption };
      await this.api.call('editMessageMedia', { ...message, media, reply_markup }, { timeoutMs: TIMEOUT_MS });
    } else if (delivery.isCaption) {
      await this.api.call('editMessageCaption', { ...message, ...captionOf(delivery) }, { timeoutMs: TIMEOUT_MS });
    } else await this.api.call('editMessageText', { ...message, ...textOf(delivery) }, { timeoutMs: TIMEOUT_MS });
  }
}

function upload(photo: Buffer): { source: Buffer; filename: string } {
  return { source: photo, filename: 'picture.png' };
}

function placeOf({ chatId, topicId }: ClaimedDelivery): { chat_id: number; message_thread_id?: number } {
  return { chat_id: chatId, ...(topicId === null ? {} : { message_thread_id: topicId }) };
}

// Never parse_mode: what a record or a person is called stays text.
function textOf({ text, entities, buttons }: ClaimedDelivery) {
  return {
    text,
    entities: entities.map((entity) => ({ ...entity })),
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: buttons.map((row) => row.map(toApiButton)) },
  };
}

function captionOf({ text, entities, buttons }: ClaimedDelivery) {
  return {
    caption: text,
    caption_entities: entities.map((entity) => ({ ...entity })),
    reply_markup: { inline_keyboard: buttons.map((row) => row.map(toApiButton)) },
  };
}

type ApiButton = { text: string; callback_data: string } | { text: string; url: string };

function toApiButton(button: Button): ApiButton {
  if ('url' in button) return { text: button.text, url: button.url };
  return { text: button.text, callback_data: button.data };
}
