import { parseAskHours, type AskHours } from '@recert/recertification';
import { defineConfig, type Environment } from '@recert/service-kit';
import { z } from 'zod';

/** The environment of this process, for main.ts. */
export const environment: Environment = process.env;

const webAddress = z
  .string()
  .regex(/^https?:\/\/[^\s/]+/, 'expected an address such as https://api.telegram.org')
  .refine((text) => URL.canParse(text), 'expected an address such as https://api.telegram.org')
  .transform((text) => text.replace(/\/+$/, ''));

const askHours = z.string().transform((text, context): AskHours => {
  const parsed = parseAskHours(text);
  if (parsed.ok) return parsed.hours;
  context.addIssue({ code: 'custom', message: parsed.reason });
  return z.NEVER;
});

/** How people are reached, and when. */
export const notifierConfig = defineConfig({
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d{1,20}:[A-Za-z0-9_-]{4,100}$/, 'expected digits, a colon and about 35 characters')
    .optional()
    .describe('Token of the bot, as BotFather gives it: 123456789: and 35 characters. Without it: web inbox only'),
  TELEGRAM_API_ROOT: webAddress
    .prefault('https://api.telegram.org')
    .describe('Address of the Bot API, e.g. https://api.telegram.org or one of your own'),
  /** A bare address gets the path of the hook behind it. */
  TELEGRAM_WEBHOOK_URL: webAddress
    .transform((text) => (new URL(text).pathname === '/' ? `${text}/hooks/telegram` : text))
    .optional()
    .describe('Address at which Telegram reaches this service, e.g. https://recert.example.org; absent: long polling'),
  ASK_HOURS: askHours
    .prefault('mon-fri 09:00-17:00')
    .describe('When people are asked without having wished for it, e.g. mon-fri 09:00-17:00, or always'),
});
export type NotifierConfig = ReturnType<typeof notifierConfig.parse>;

/** The parsed variables of the notifier (`NotifierConfig`). */
export const NOTIFIER_CONFIG = Symbol('notifier config');
