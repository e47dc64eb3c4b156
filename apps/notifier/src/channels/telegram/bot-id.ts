import { type FactoryProvider } from '@nestjs/common';
import { NOTIFIER_CONFIG, type NotifierConfig } from '../../config';

/** Id of the bot: what stands before the colon of its token. */
export const BOT_ID = Symbol('bot id');

export const botId: FactoryProvider<number> = {
  provide: BOT_ID,
  inject: [NOTIFIER_CONFIG],
  useFactory: ({ TELEGRAM_BOT_TOKEN }: NotifierConfig): number => Number(TELEGRAM_BOT_TOKEN?.split(':')[0]),
};
