import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { ProductRepository } from './product.repository';

/** At the start, others hear of the products of which they did not keep everything. */
@Injectable()
export class AnnounceProducts implements OnApplicationBootstrap {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly products: ProductRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction((tx) => this.products.announceMissing(tx));
  }
}
