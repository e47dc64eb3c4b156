import { Controller } from '@nestjs/common';
import { type Delivery, done, drop, OnEvent, type Outcome, retry } from '@recert/bus';
import { ProductRegistered } from '@recert/contracts';
import { Clock } from '@recert/service-kit';
import { SilenceTimer } from '../missed/silence-timer';
import { follow } from './product';
import { ProductRepository } from './product.repository';

@Controller()
export class KnowProductWhenProductChanges {
  constructor(
    private readonly products: ProductRepository,
    private readonly timer: SilenceTimer,
    private readonly clock: Clock,
  ) {}

  /** One at a time: the first state of a product says since when its KPIs are expected. */
  @OnEvent(ProductRegistered, { durable: 'kpi-ingest.know-product-when-product-changes', concurrency: 1 })
  async handle(state: ProductRegistered, { tx, attributes }: Delivery): Promise<Outcome> {
    const known = await this.products.lock(tx, state.productId);
    if (known && known.version >= state.version) return done;
    const followed = follow(known, state, new Date(attributes.time));
    if (!followed.ok) return drop(followed.reason);
    // The timer alone reckons deadlines: it looks now, and finds out when to look next.
    const wakeAt = followed.product.expectedFrom === null ? null : this.clock.now();
    if (!(await this.products.save(tx, followed.product, wakeAt))) return retry(0, 'two states of a product at once');
    tx.afterCommit(() => this.timer.expect(wakeAt));
    return done;
  }
}
