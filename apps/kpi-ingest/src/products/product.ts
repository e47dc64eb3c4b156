import { type ProductRegistered } from '@recert/contracts';
import { isZone } from '@recert/recertification';
import { type DueBy, parseDueBy } from '../weeks/due-by';
import { type IsoWeek, weekOf } from '../weeks/iso-week';

/** What is known here of a product. */
export interface Product {
  readonly productId: string;
  readonly version: number;
  readonly name: string;
  readonly owner: string;
  /** IANA zone of its week. */
  readonly timezone: string;
  readonly dueBy: DueBy;
  readonly active: boolean;
  /** The first week whose KPIs are expected; null while none are. */
  readonly expectedFrom: IsoWeek | null;
}

export type Followed =
  { readonly ok: true; readonly product: Product } | { readonly ok: false; readonly reason: string };

/**
 * The product after a newer state of it was heard of, or why that state cannot be followed.
 *
 * Its KPIs are expected from the first week that ends after it was registered, or made active again.
 * @param known null for one never heard of
 * @param at when the state became true
 */
export function follow(known: Product | null, state: ProductRegistered, at: Date): Followed {
  const { productId, version, name, owner, active, week } = state;
  const dueBy = parseDueBy(week.dueBy);
  if (dueBy === null)
    return { ok: false, reason: `week.dueBy: "${week.dueBy}" is not a day and time such as mon 12:00` };
  if (!isZone(week.timezone)) return { ok: false, reason: `week.timezone: "${week.timezone}" is not a known zone` };
  const expectedFrom = active ? (known?.expectedFrom ?? weekOf(at, week.timezone)) : null;
  return {
    ok: true,
    product: { productId, version, name, owner, timezone: week.timezone, dueBy, active, expectedFrom },
  };
}
