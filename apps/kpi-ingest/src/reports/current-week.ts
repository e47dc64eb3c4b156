import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { type IsoWeek, weekOf } from '../weeks/iso-week';

/** Which week it is for a product. */
@Injectable()
export class CurrentWeek {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly clock: Clock,
  ) {}

  /** In UTC for a product that is not known yet. */
  async of(productId: string): Promise<IsoWeek> {
    const [product] = await this.database.query<{ timezone: string }>(
      'select timezone from product where product_id = $1',
      [productId],
    );
    return weekOf(this.clock.now(), product?.timezone ?? 'UTC');
  }
}
