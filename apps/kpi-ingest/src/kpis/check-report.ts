import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { type KpiCheckView } from '@recert/contracts';
import { Clock, UserError } from '@recert/service-kit';
import { ProductRepository } from '../products/product.repository';
import { AcceptReport } from '../reports/accept-report';
import { effectsOf } from './effects-of-report';
import { fieldOfReason } from './field-of-reason';

/** Says what the hook would make of a body, which whoever writes a product's report wants to know before it is sent. */
@Injectable()
export class CheckReport {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly products: ProductRepository,
    private readonly reports: AcceptReport,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError 404 for an unknown product; 422 with the field for what the hook would not take */
  async run(productId: string, body: unknown): Promise<KpiCheckView> {
    const bytes = Buffer.from(JSON.stringify(body ?? null));
    const weighed = await this.database.transaction(async (tx) => {
      const product = await this.products.lock(tx, productId);
      if (product === null) throw UserError.notFound(`product "${productId}"`);
      return this.reports.weigh(tx, product, bytes, this.clock.now());
    });
    if (weighed.ok) return { week: weighed.report.week, figures: effectsOf(weighed) };
    const { field, message } = fieldOfReason(weighed.reason);
    throw UserError.invalid(field, message);
  }
}
