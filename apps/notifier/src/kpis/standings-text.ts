/** What people read of the latest week of every product. */
import { type KpiMissed, type KpiReceived } from '@recert/contracts';
import { MESSAGE_LIMIT, type Part } from '../messages/rich-text';
import { kpiSummaryLines, productName } from './kpi-message';
import { weekNumber } from './week-text';

/** How a product stands: its newest week with a report, and a later one that is missing. */
export interface ProductStanding {
  readonly report: KpiReceived | null;
  readonly missed: KpiMissed | null;
}

/** KPIs of one product beyond this are only counted. */
const MOST_KPIS = 6;
/** Kept free for how many products are left out. */
const LAST_LINE = 40;

/** As many products as fit into one message, and how many there are besides. */
export function standingsText(standings: readonly ProductStanding[]): Part[] {
  if (standings.length === 0) return [{ text: 'No KPIs were received yet.' }];
  const parts: Part[] = [];
  let room = MESSAGE_LIMIT - LAST_LINE;
  for (const [i, standing] of standings.entries()) {
    const product = [...(i === 0 ? [] : [{ text: '\n\n' }]), ...productLines(standing)];
    room -= product.reduce((sum, part) => sum + part.text.length, 0);
    if (room < 0) return [...parts, { text: `\n\nand ${productsText(standings.length - i)} more` }];
    parts.push(...product);
  }
  return parts;
}

function productLines({ report, missed }: ProductStanding): Part[] {
  if (report === null) return missed === null ? [] : missingLine(missed);
  const shown = kpiSummaryLines(report, MOST_KPIS);
  return missed === null ? shown : [...shown, { text: `\nWeek ${weekNumber(missed.week)} is missing.` }];
}

function missingLine(missed: KpiMissed): Part[] {
  const text = `: nothing was ever reported; week ${weekNumber(missed.week)} is missing.`;
  return [{ text: productName(missed), style: 'bold' }, { text }];
}

function productsText(count: number): string {
  return count === 1 ? '1 product' : `${count} products`;
}
