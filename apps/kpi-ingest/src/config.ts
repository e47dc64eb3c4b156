import { spoolVariables } from '@recert/intake';
import { parsePeriod, type Period } from '@recert/recertification';
import { defineConfig, type Environment } from '@recert/service-kit';
import { z } from 'zod';

/** The environment of this process, for main.ts. */
export const environment: Environment = process.env;

const MOST_HOURS = 5 * 24;

/** Longer than five days, and the next week would be due before the admins heard of this one. */
const grace = z.string().transform((text, context): Period | null => {
  if (text.trim().toLowerCase() === 'off') return null;
  const parsed = parsePeriod(text);
  if (parsed.ok && isShort(parsed.period)) return parsed.period;
  context.addIssue({ code: 'custom', message: 'expected an ISO 8601 duration of at most P5D, or off' });
  return z.NEVER;
});

export const kpiIngestConfig = defineConfig({
  ...spoolVariables,
  KPI_GRACE: grace
    .prefault('PT2H')
    .describe('How long after they were due the KPIs of a week count as missed, e.g. PT2H (two hours); or off'),
});
export type KpiIngestConfig = ReturnType<typeof kpiIngestConfig.parse>;
export const KPI_INGEST_CONFIG = Symbol('kpi-ingest config');

function isShort({ years, months, weeks, days, hours, minutes, seconds }: Period): boolean {
  return years + months === 0 && (weeks * 7 + days) * 24 + hours + minutes / 60 + seconds / 3600 <= MOST_HOURS;
}
