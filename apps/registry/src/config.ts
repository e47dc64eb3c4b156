import { spoolVariables } from '@recert/intake';
import { parsePeriod, type Period } from '@recert/recertification';
import { defineConfig, type Environment, signingSecrets } from '@recert/service-kit';
import { z } from 'zod';
import { parseOutgoingAllow, type OutgoingAllow } from './outside/outgoing-allow';

/** The environment of this process, for `main.ts` alone. */
export const environment: Environment = process.env;

/** An ISO 8601 duration or a word such as `weekly`. */
const period = z.string().transform((text, context): Period => {
  const parsed = parsePeriod(text);
  if (parsed.ok) return parsed.period;
  context.addIssue({ code: 'custom', message: parsed.reason });
  return z.NEVER;
});

/** The parts of a text between commas, without the blanks around them and without empty ones. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

/** Networks and host names. */
const outgoingAllow = list.transform((entries, context): OutgoingAllow => {
  const parsed = parseOutgoingAllow(entries);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed });
  return z.NEVER;
});

/** What the registry reads of the environment. */
export const registryConfig = defineConfig({
  ...spoolVariables,
  LIBRARY: list
    .default(['docs/processes.md'])
    .describe('Files, folders, https urls or git repositories of the process library, e.g. docs/processes.md'),
  /** In the order of LIBRARY. A library without one has no links in its questions. */
  LIBRARY_BASE_URL: list
    .default([])
    .describe('Address under which people read each library, e.g. https://github.com/acme/handbook/blob/main/docs'),
  LIBRARY_REFRESH: z
    .union([z.literal('off').transform(() => null), period])
    .default({ years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 10, seconds: 0 })
    .describe('How often the library is read again, e.g. PT10M, or off'),
  /** A new process is asked about this long after it came, or after its own period if that is shorter. */
  FIRST_REVIEW_AFTER: period
    .default({ years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 5, seconds: 0 })
    .describe('How long after a process came its first review is due, e.g. PT5M'),
  LATER_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(60)
    .default(3)
    .describe('Days until a person who said "later" is asked again, e.g. 3'),
  RUNS_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(400)
    .default(14)
    .describe('Days for which the ways of facts through the services are kept, e.g. 14'),
  OUTGOING_ALLOW: outgoingAllow
    .default({ ranges: [], hosts: new Set() })
    .describe('Private networks and hosts that subscriptions may send to, e.g. 10.0.0.0/8,n8n.internal'),
  GITHUB_WEBHOOK_SECRET: signingSecrets.describe(
    'Secret of the webhook in GitHub, which signs what it sends; two with a comma while it changes',
  ),
  RELEASE_WORKFLOWS: list
    .default(['deploy', 'release', 'publish', 'rollout'])
    .describe('Words in the name or file of a workflow in GitHub that releases something, e.g. deploy, release'),
  RELEASE_PROCESS: z
    .string()
    .trim()
    .min(1)
    .default('deploy product releases')
    .describe('Name of the record, one of every product, that releases are evidence of, e.g. deploy product releases'),
});
export type RegistryConfig = ReturnType<typeof registryConfig.parse>;

/** The parsed variables of the registry (`RegistryConfig`). */
export const REGISTRY_CONFIG = Symbol('registry config');
