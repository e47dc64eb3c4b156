import { type KpiReceived } from '@recert/contracts';
import { type Product } from '../products/product';
import { type Acceptable } from './accept-report';
import { compareFigures } from './compare-figures';

/**
 * What is said of a report.
 * @param of.version of the week with this report
 * @param of.testBy who sent it as a test; null for a report
 */
export function announcementOf(
  { productId, name }: Product,
  { report: { week }, soFar, merged }: Acceptable,
  of: { readonly version: number; readonly receivedAt: Date; readonly testBy: string | null },
): KpiReceived {
  return {
    ...{ productId, productName: name, week },
    version: of.version,
    corrected: soFar.version === 0 ? null : merged.former.map((figure) => figure.name),
    late: soFar.wasMissed,
    receivedAt: of.receivedAt.toISOString(),
    ...compareFigures(week, merged.figures, soFar.past),
    test: of.testBy !== null,
    testBy: of.testBy,
  };
}
