import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { addressOf } from '@recert/bus';
import { z } from 'zod';

/** The environment, or a part of it with additions: what a config is parsed from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the environment, all of it at once. The message never holds a value: it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

export interface ConfigDefinition<Shape extends z.ZodRawShape> {
  readonly shape: Shape;
  /**
   * @throws ConfigError that names every missing or malformed variable, with what it is for and an example: the
   *   `describe` text of its schema
   */
  parse(environment?: Environment): z.output<z.ZodObject<Shape>>;
}

/** The variables of a service, one schema each. `NAME_FILE` names a file that holds the value of `NAME`. */
export function defineConfig<Shape extends z.ZodRawShape>(shape: Shape): ConfigDefinition<Shape> {
  return { shape, parse: (environment = process.env) => parse(shape, environment) };
}

function parse<Shape extends z.ZodRawShape>(shape: Shape, environment: Environment): z.output<z.ZodObject<Shape>> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape) as [string, z.ZodType][]) {
    try {
      const given = read(name, environment);
      const result = schema.safeParse(given);
      if (result.success) values[name] = result.data;
      else problems.push(complaint(name, given === undefined, schema.description, result.error));
    } catch (error) {
      problems.push(`${name}_FILE cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(values) as z.output<z.ZodObject<Shape>>;
}

/** An empty variable counts as absent: that is what an unset line of a compose file gives. */
export function read(name: string, environment: Environment): string | undefined {
  const direct = environment[name];
  if (direct !== undefined && direct !== '') return direct;
  const file = environment[`${name}_FILE`];
  return file === undefined || file === '' ? undefined : readFileSync(file, 'utf8').trim();
}

function complaint(name: string, missing: boolean, description: string | undefined, error: z.ZodError): string {
  const what = missing ? 'is missing' : `is malformed (${error.issues[0]?.message ?? 'not understood'})`;
  return `${name} ${what}${description === undefined ? '' : `. ${description}`}`;
}

const SECRETS = 'expected one secret of at least 16 characters, or two with a comma between them';

/** Secrets that an outside sender signs its webhooks with: two while they change, none where the variable is absent. */
export const signingSecrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine((all) => all.length <= 2 && all.every((secret) => secret.length >= 16), SECRETS)
  .optional()
  .transform((given) => given ?? []);

const MS_OF: Readonly<Record<string, number>> = { S: 1000, M: 60_000, H: 3_600_000 };

/** A duration such as `PT2M`, in milliseconds. One unit is enough: nobody polls every hour and two seconds. */
export const pause = z
  .string()
  .regex(/^PT[1-9]\d{0,4}[SMH]$/, 'expected a duration such as PT2M')
  .transform((text) => Number(text.slice(2, -1)) * MS_OF[text.slice(-1)]!);

const url = (pattern: RegExp, example: string): z.ZodString =>
  z.string().regex(pattern, `expected something like ${example}`);

/** An address without a slash at its end, so that paths can be put behind it. */
const baseUrl = url(/^https?:\/\/[^\s]+$/, 'https://recert.example.org').transform((text) => text.replace(/\/+$/, ''));

export const timezone = z.string().refine(isTimezone, 'expected an IANA zone such as Europe/Berlin');

const NAMED_RANGES = new Set(['loopback', 'linklocal', 'uniquelocal']);

const busUrls = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .refine((urls) => urls.every(isBusUrl), 'expected nats://, tls:// or postgres:// urls with commas between');

/** As proxy-addr understands them, which Fastify asks: names of ranges, addresses, CIDR ranges. */
const proxies = z.string().transform((text, context) => {
  const list = text.split(',').map((part) => part.trim());
  const isKnown = (part: string): boolean => NAMED_RANGES.has(part) || isRange(part);
  if (list.every(isKnown)) return list;
  context.addIssue({ code: 'custom', message: 'expected loopback, linklocal, uniquelocal, addresses or CIDR ranges' });
  return z.NEVER;
});

/** What every service reads. */
export const kitConfig = defineConfig({
  DATABASE_URL: url(/^postgres(ql)?:\/\//, 'postgres://user:password@host:5432/recert').describe(
    'Where the service keeps its data, e.g. postgres://recert:secret@127.0.0.1:5432/recert',
  ),
  BUS_URL: url(/^(nats|tls|postgres|postgresql):\/\//, 'nats://127.0.0.1:4222').describe(
    'What carries the events: nats://127.0.0.1:4222 (JetStream) or the postgres:// url of a database',
  ),
  /** With user and password; an address without any can do without being listed, where nothing is. */
  BUS_URL_OTHER: busUrls.describe(
    'Whole urls, with commas between, of transports that the bus may be switched to, e.g. nats://user:password@127.0.0.1:4222',
  ),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000).describe('TCP port to listen on, e.g. 3000'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 inside a container'),
  /** As people and Telegram reach it. Without it, links point at the local address and openings are not measured. */
  PUBLIC_URL: baseUrl
    .optional()
    .describe('Address under which people reach the service, e.g. https://recert.example.org'),
  RECERT_ADMIN_TOKEN: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe('API token with all rights, for first use; e.g. the output of: openssl rand -hex 24'),
  ORG_TIMEZONE: timezone.default('Europe/Berlin').describe("The organisation's time zone, e.g. Europe/Berlin"),
  /** Whoever else says for whom they ask is not believed: limits count the address of who really connects. */
  TRUSTED_PROXIES: proxies
    .prefault('loopback')
    .describe('Proxies that are believed for whom they ask: loopback, uniquelocal or addresses, e.g. 10.0.0.0/8'),
  LEAVE_NOTICE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(5000)
    .default(0)
    .describe(
      'How long a service that was told to stop goes on, and only says at /health/serving that it leaves, e.g. 1500',
    ),
  /** Ten seconds of it may come at once. Sentry's and GitHub's own requests are not counted: they are not sent again. */
  HOOK_RATE: z
    .union([z.literal('off').transform(() => null), z.coerce.number().int().min(1).max(1_000_000)])
    .default(50)
    .describe('Requests a second that one token may send to webhooks on the long run, e.g. 50; or off'),
  SENTRY_DSN: url(/^https?:\/\/[^\s/@]+@[^\s/@]+\/(?:[^\s?#]*\/)?\d+$/, 'https://key@sentry.example.org/42')
    .optional()
    .describe('Where Recert reports its own errors, e.g. https://key@sentry.example.org/42'),
  SENTRY_ENVIRONMENT: z
    .string()
    .regex(/^[^\s/]{1,64}$/, 'expected a word without a slash, such as production')
    .default('production')
    .describe('As what this installation stands in Sentry, e.g. production'),
  SENTRY_RELEASE: z
    .string()
    .max(200)
    .optional()
    .describe('Which version it is for Sentry; that of the packages where it is missing, e.g. recert-registry@4f2c'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much is logged, e.g. info'),
});
export type KitConfig = ReturnType<typeof kitConfig.parse>;

function isRange(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.split('/');
  const family = isIP(address);
  return family > 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

function isTimezone(text: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
  } catch {
    return false;
  }
}

function isBusUrl(text: string): boolean {
  try {
    return Boolean(addressOf(text));
  } catch {
    return false;
  }
}
