import { recalling, type Recalling, type ServiceDatabase } from '@recert/bus';
import { ProductRegistered } from '@recert/contracts';
import { HistoryRepository } from '../history/history.repository';
import { recalledAt } from '../history/recalled-at';
import { historyOfProduct } from './product';
import { ProductRepository } from './product.repository';

/** Products that were registered or changed between the backup and its restore. Their processes are recalled beside them. */
export function recallProducts(database: ServiceDatabase): Recalling[] {
  const products = new ProductRepository(database);
  const history = new HistoryRepository(database);
  return [
    recalling(ProductRegistered, async ({ productId: id, ...said }, { tx, attributes }) => {
      const before = await products.lock(tx, id);
      if (before !== null && before.version >= said.version) return;
      const after = { id, ...said };
      await products.put(tx, after);
      await history.append(tx, historyOfProduct(before, after, recalledAt(new Date(attributes.time))));
    }),
  ];
}
