import { z } from 'zod';
import { instant, isoWeek, productId } from '../scalars';
import { pageQuery } from './problem';

const name = z.string().trim().min(1).max(100);
/** A unit, target or direction that is left out stays as it was said of this name for a week before; null is none. */
const figure = z.object({
  name,
  value: z.number(),
  unit: z.string().trim().max(20).nullish(),
  target: z.number().nullish(),
  /** Whether more is better, which is taken where it was never said, or less. */
  better: z.enum(['up', 'down']).optional(),
});
type Figure = z.output<typeof figure>;

/** `POST /hooks/kpi/:product`: names with values, or a list that says more of each. */
export const kpiBody = z.object({
  /** The week that ended last in the product's zone, where it is missing. */
  week: isoWeek.optional(),
  kpis: z.union([
    z
      .record(name, z.number())
      .transform((values): Figure[] => Object.entries(values).map(([key, value]) => ({ name: key, value }))),
    z.array(figure),
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

/** `POST /api/kpis/test`: whose report it would be, beside what `POST /hooks/kpi/:product` takes. */
export const kpiTestBody = kpiBody.extend({ product: productId });

/** What the hook would store of a report that was sent as a test: nothing was. */
export const kpiTestView = z.object({
  week: isoWeek,
  figures: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      unit: z.string().nullable(),
      target: z.number().nullable(),
      better: z.enum(['up', 'down']),
      /** `corrected` is one that the week has already, and would have otherwise; `kept` would stay as it is. */
      effect: z.enum(['new', 'corrected', 'kept']),
    }),
  ),
});
export type KpiTestView = z.output<typeof kpiTestView>;
