import { spoolVariables } from '@recert/intake';
import { ConfigError, defineConfig, type Environment, pause, signingSecrets } from '@recert/service-kit';
import { z } from 'zod';

/** The environment of this process, for main.ts. */
export const environment: Environment = process.env;

/** Where alerts come from. */
const variables = defineConfig({
  SENTRY_CLIENT_SECRET: signingSecrets.describe(
    'Client secret of the integration in Sentry, which signs its webhooks; two with a comma while it changes',
  ),
  /** With it, Sentry is asked for what no webhook tells: above all that something has recovered. */
  SENTRY_AUTH_TOKEN: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe('Token of the integration in Sentry, which may read issues and events; without it Sentry is not asked'),
  SENTRY_ORG: z
    .string()
    .regex(/^[a-zA-Z0-9][\w-]*$/, 'expected a slug such as acme')
    .optional()
    .describe('Slug of the organisation in Sentry, e.g. acme'),
  SENTRY_API_ROOT: z
    .string()
    .regex(/^https?:\/\/[^\s/]+/, 'expected an address such as https://sentry.io')
    .transform((text) => text.replace(/\/+$/, ''))
    .prefault('https://sentry.io')
    .describe('Address of Sentry, e.g. https://sentry.io or one of your own'),
  ...spoolVariables,
  SENTRY_POLL: pause.prefault('PT2M').describe('How often Sentry is asked, e.g. PT2M'),
});
export type AlertRelayConfig = ReturnType<typeof variables.parse>;

export const alertRelayConfig = {
  shape: variables.shape,
  /** @throws ConfigError that names every missing or malformed variable */
  parse(given: Environment): AlertRelayConfig {
    const config = variables.parse(given);
    if (config.SENTRY_AUTH_TOKEN !== undefined && config.SENTRY_ORG === undefined) {
      throw new ConfigError([
        `SENTRY_ORG is missing, which SENTRY_AUTH_TOKEN needs. ${variables.shape.SENTRY_ORG.description}`,
      ]);
    }
    return config;
  },
};

/** The parsed variables of the alert relay (`AlertRelayConfig`). */
export const ALERT_RELAY_CONFIG = Symbol('alert relay config');
