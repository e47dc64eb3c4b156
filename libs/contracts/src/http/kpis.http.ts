import { z } from 'zod';
import { instant, isoWeek, productId } from '../scalars';
import { pageQuery } from './problem';

const name = z.string().trim().min(1).max(100);
const figure = z.object({
  name,
  value: z.number(),
  unit: z.string().trim().max(20).nullish(),
  target: z.number().nullish(),
  /** Whether more is better, which is the default, or less. */
  better: z.enum(['up', 'down']).default('up'),
});

/** `POST /hooks/kpi/:product`: names with values, or a list that says more of each. */
export const kpiBody = z.object({
  /** The week that ended last in the product's zone, where it is missing. */
  week: isoWeek.optional(),
  kpis: z.union([
    z.record(name, z.number()).transform((values) =>
      Object.entries(values).map(([key, value]) => ({
        ...{ name: key, value, unit: null, target: null },
        better: 'up' as const,
      })),
    ),
    z.array(figure.transform((each) => ({ ...each, unit: each.unit ?? null, target: each.target ?? null }))),
  ]),
});
export type KpiBody = z.output<typeof kpiBody>;

export const kpiQuery = pageQuery.extend({
  product: productId.optional(),
  name: name.optional(),
  /** The first and the last week that are wanted. */
  from: isoWeek.optional(),
  to: isoWeek.optional(),
});
export type KpiQuery = z.output<typeof kpiQuery>;

/** One line of `GET /api/kpis`: one figure of one product and week, as it was corrected last. */
export const kpiView = z.object({
  product: z.string(),
  week: isoWeek,
  name: z.string(),
  value: z.number(),
  unit: z.string().nullable(),
  target: z.number().nullable(),
  better: z.enum(['up', 'down']),
  receivedAt: instant,
  /** What it was before it was corrected, oldest first. */
  corrections: z.array(z.object({ value: z.number(), receivedAt: instant })),
});
export type KpiView = z.output<typeof kpiView>;
