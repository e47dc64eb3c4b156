import { z } from 'zod';
import { defineEvent, type DataOf } from '../event';
import { handle, instant, isoWeek, productId, version } from '../scalars';

/** One figure of a week beside what it was before, so that a message can be written from the event alone. */
const kpiFigure = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string().nullable(),
  target: z.number().nullable(),
  /** Whether more is better (`up`) or less (`down`). */
  better: z.enum(['up', 'down']),
  /** The week before; null where nothing was reported for it. */
  previous: z.number().nullable(),
  /** Median of the reported ones among the four weeks before; null where there is none. */
  median: z.number().nullable(),
  /** The week and the eleven before it, oldest first; null where nothing was reported. */
  series: z.array(z.object({ week: isoWeek, value: z.number().nullable() })),
});
export type KpiFigure = z.output<typeof kpiFigure>;

export const KpiReceived = defineEvent({
  subject: 'kpi.received',
  says: 'A product reported the KPIs of a week, or corrected them, or somebody sent a test: each with what it was before.',
  publishers: ['kpi-ingest'],
  consumers: ['notifier'],
  schema: z.object({
    productId,
    productName: z.string(),
    week: isoWeek,
    /** Grows with every report of this product and week: 1 for the first, more for its corrections. */
    version,
    /** Names of those whose value is another than in the report before; null on a first report. */
    corrected: z.array(z.string()).nullable(),
    /** Whether it came after `kpi.missed` had been said of this week. */
    late: z.boolean(),
    receivedAt: instant,
    figures: z.array(kpiFigure),
    /** Names that were reported in one of the four weeks before and are not in this one. */
    missing: z.array(z.string()),
    /** Whether somebody only tries how it is told: nothing of it was stored, and nothing may follow from it. */
    test: z.boolean().default(false),
    /** Who sent the test; null for a report. */
    testBy: z.string().nullable().default(null),
  }),
  example: {
    productId: 'lugha',
    productName: 'Lugha',
    week: '2026-W47',
    version: 1,
    corrected: null,
    late: false,
    receivedAt: '2026-11-23T08:00:00.000Z',
    figures: [
      {
        name: 'signups',
        value: 12,
        unit: null,
        target: 10,
        better: 'up',
        previous: 9,
        median: 8.5,
        series: [
          { week: '2026-W46', value: 9 },
          { week: '2026-W47', value: 12 },
        ],
      },
    ],
    missing: ['churn'],
    test: false,
    testBy: null,
  },
});
export type KpiReceived = DataOf<typeof KpiReceived>;

export const KpiMissed = defineEvent({
  subject: 'kpi.missed',
  says: "A product's week ended without its KPIs: its owner is told first, the admins a day later.",
  publishers: ['kpi-ingest'],
  consumers: ['notifier'],
  schema: z.object({
    productId,
    productName: z.string(),
    week: isoWeek,
    owner: handle,
    level: z.enum(['owner', 'admins']),
    expectedBy: instant,
    /** When the product was last heard of, whatever week it spoke of; null when never. */
    lastHeardAt: instant.nullable(),
    lastWeek: isoWeek.nullable(),
  }),
  example: {
    productId: 'lugha',
    productName: 'Lugha',
    week: '2026-W47',
    owner: 'ada',
    level: 'owner',
    expectedBy: '2026-11-23T11:00:00.000Z',
    lastHeardAt: '2026-11-16T08:00:00.000Z',
    lastWeek: '2026-W46',
  },
});
export type KpiMissed = DataOf<typeof KpiMissed>;
