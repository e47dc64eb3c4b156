import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Cause } from '@recert/bus';
import { KpiReceived, type KpiTestView } from '@recert/contracts';
import { Clock, mayPass, type Principal, UserError } from '@recert/service-kit';
import { type Product } from '../products/product';
import { ProductRepository } from '../products/product.repository';
import { AcceptReport } from '../reports/accept-report';
import { announcementOf } from '../reports/announce-report';
import { effectsOf } from './effects-of-report';
import { fieldOfReason } from './field-of-reason';

/** Sends a report all the way to whoever a real one reaches, and counts nothing of it. */
@Injectable()
export class SendTestReport {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly products: ProductRepository,
    private readonly reports: AcceptReport,
    private readonly clock: Clock,
  ) {}

  /**
   * @param body as the hook takes it
   * @returns what the hook would make of it
   * @throws UserError 404 for an unknown product; 403 for somebody else's; 422 with the field for what the hook would not take
   */
  async run(productId: string, body: unknown, sender: Principal, cause: Cause): Promise<KpiTestView> {
    const bytes = Buffer.from(JSON.stringify(body));
    const receivedAt = this.clock.now();
    return this.database.transaction(async (tx) => {
      const product = await this.products.lock(tx, productId);
      if (product === null) throw UserError.notFound(`product "${productId}"`);
      holdToOwner(product, sender);
      const weighed = await this.reports.weigh(tx, product, bytes, receivedAt);
      if (!weighed.ok) {
        const { field, message } = fieldOfReason(weighed.reason);
        throw UserError.invalid(field, message);
      }
      // A week's version does not grow by a test: whoever takes it for a report takes it for one that is known.
      const version = Math.max(weighed.soFar.version, 1);
      tx.publish(KpiReceived, announcementOf(product, weighed, { version, receivedAt, testBy: sender.name }));
      return { week: weighed.report.week, figures: effectsOf(weighed) };
    }, cause);
  }
}

function holdToOwner({ name, owner }: Product, sender: Principal): void {
  if (mayPass(sender, 'admin') || sender.handle === owner) return;
  throw new UserError(403, `Only an admin or ${owner}, the owner of ${name}, may send a test of its KPIs.`);
}
