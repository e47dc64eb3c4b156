import { parseAskHours, parseWeekTime, type AskHours, type WeekTime } from '@recert/recertification';
import { ConfigError, defineConfig, type Environment, pause } from '@recert/service-kit';
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

const aliveAt = z.string().transform((text, context): WeekTime | null => {
  const parsed = parseWeekTime(text);
  if (parsed !== null || text === 'off') return parsed;
  context.addIssue({ code: 'custom', message: 'expected a day and a time such as mon 09:00, or off' });
  return z.NEVER;
});

/** Node sends nothing to an address with a password in it. */
const hasNoPassword = (text: string): boolean => !URL.canParse(text) || new URL(text).username === '';

const MAILBOX = /^[^\s@<>,;]+@[^\s@<>,;]+$/;
const mailbox = z.string().regex(MAILBOX, 'expected an address such as recert@example.org');
const mailboxes = z
  .string()
  .transform((text) => text.split(',').map((one) => one.trim()))
  .pipe(z.array(mailbox));

/** How people are reached, and when. */
const variables = defineConfig({
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
  FALLBACK_AFTER: pause
    .prefault('PT5M')
    .describe('How long no message gets through to Telegram before the fallback speaks, e.g. PT5M'),
  /** On a public server whoever knows the topic reads it: it is as good as a password. */
  NTFY_URL: webAddress
    .refine(hasNoPassword, 'expected the token in NTFY_TOKEN')
    .refine((text) => /^\/[\w-]{1,64}$/.test(new URL(text).pathname), 'expected an address that ends in one topic')
    .optional()
    .describe('Topic of ntfy that admins hear of things on while Telegram is away, e.g. https://ntfy.sh/a-long-secret'),
  NTFY_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'expected one word')
    .optional()
    .describe('Access token of ntfy, e.g. tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s/]+/, 'expected an address such as smtps://user:password@mail.example.org:465')
    .refine((text) => URL.canParse(text), 'expected an address such as smtps://user:password@mail.example.org:465')
    .optional()
    .describe('Mail server for the same, e.g. smtps://user:password@mail.example.org:465; percent-encoded'),
  FALLBACK_MAIL_FROM: mailbox.optional().describe('Sender of these mails, e.g. recert@example.org'),
  FALLBACK_MAIL_TO: mailboxes.optional().describe('Who gets them, with commas between, e.g. ops@example.org'),
  ALIVE_AT: aliveAt
    .prefault('mon 09:00')
    .describe('When the admins read, once a week, that Recert is alive, e.g. mon 09:00, or off'),
  HEARTBEAT_URL: z
    .string()
    .regex(/^https?:\/\/[^\s/]+/, 'expected an address such as https://hc-ping.com/your-uuid')
    .refine((text) => URL.canParse(text), 'expected an address such as https://hc-ping.com/your-uuid')
    .refine(hasNoPassword, 'expected an address without user and password')
    .optional()
    .describe('Address outside that is called as long as everything works, e.g. https://hc-ping.com/your-uuid'),
  HEARTBEAT_EVERY: pause.prefault('PT1M').describe('How often it is called, e.g. PT1M'),
  HEARTBEAT_METHOD: z.enum(['GET', 'POST']).default('GET').describe('How it is called: GET, or POST with a sentence'),
});
export type NotifierConfig = ReturnType<typeof variables.parse>;

/** What one variable is of no use without. */
const NEEDS = [
  ['NTFY_TOKEN', 'NTFY_URL'],
  ['SMTP_URL', 'FALLBACK_MAIL_FROM'],
  ['SMTP_URL', 'FALLBACK_MAIL_TO'],
  ['FALLBACK_MAIL_TO', 'SMTP_URL'],
] as const;

export const notifierConfig = {
  shape: variables.shape,
  /** @throws ConfigError that names every missing or malformed variable */
  parse(given?: Environment): NotifierConfig {
    const config = variables.parse(given);
    const missing = NEEDS.filter(([of, needed]) => config[of] !== undefined && config[needed] === undefined);
    if (missing.length === 0) return config;
    const complaint = ([of, needed]: (typeof NEEDS)[number]): string =>
      `${needed} is missing, which ${of} needs. ${variables.shape[needed].description}`;
    throw new ConfigError(missing.map(complaint));
  },
};

/** The parsed variables of the notifier (`NotifierConfig`). */
export const NOTIFIER_CONFIG = Symbol('notifier config');
