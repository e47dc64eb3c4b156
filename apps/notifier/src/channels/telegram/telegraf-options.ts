import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type TelegrafModuleOptions } from 'nestjs-telegraf';
import { type Telegraf } from 'telegraf';
import { type NotifierConfig } from '../../config';

const httpsAgent = new HttpsAgent({ keepAlive: true });
const httpAgent = new HttpAgent({ keepAlive: true });

/** Telegraf routes updates and calls the API; it fetches nothing itself, because it confirms before it has handled. */
export function telegrafOptions({ TELEGRAM_BOT_TOKEN, TELEGRAM_API_ROOT }: NotifierConfig): TelegrafModuleOptions {
  return {
    token: TELEGRAM_BOT_TOKEN ?? '',
    launchOptions: false,
    options: {
      // The address of a call is resolved against the root, which without the slash would lose its last part.
      telegram: { apiRoot: `${TELEGRAM_API_ROOT}/`, agent: httpsAgent, webhookReply: false },
      // A handler's time is bounded by its database; one that was given up here would go on in a closed transaction.
      handlerTimeout: Number.POSITIVE_INFINITY,
    },
  };
}

/** Makes a bot of Telegraf's into one that fits into a service. */
export function tame(bot: Telegraf): void {
  // Telegraf would close each connection to an http:// root after one call.
  if (bot.telegram.options.apiRoot.startsWith('http://')) bot.telegram.options.agent = httpAgent;
  // It would print the update and set the exit status of the process.
  bot.catch((error) => {
    throw error;
  });
  // nestjs-telegraf stops the bot when the application ends, and one that never fetched throws at that.
  bot.stop = () => undefined;
}
