import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { Clock, UserError } from '@recert/service-kit';
import { ProductRepository } from '../products/product.repository';
import { type Sign } from '../sources/sign';
import { type Alert } from './alert';
import { AlertRepository } from './alert.repository';
import { ApplySigns, ownKey } from './apply-signs';

/** Its end must not overtake it: whoever hears of both at once has nothing to say. */
const LASTS_MS = 2000;

/** Raises an alert of a product and ends it, as a source would: it reaches whoever a real one reaches. */
@Injectable()
export class RaiseTestAlert {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly alerts: AlertRepository,
    private readonly signs: ApplySigns,
    private readonly products: ProductRepository,
    private readonly clock: Clock,
  ) {}

  /** @returns the alert, which is over. @throws UserError 404 for an unknown product */
  async run(productId: string, by: string): Promise<Alert> {
    await this.say('firing', productId, by);
    await sleep(LASTS_MS);
    return this.say('resolved', productId, by);
  }

  private say(status: Sign['status'], productId: string, by: string): Promise<Alert> {
    return this.database.transaction(async (tx) => {
      const isKnown = (await this.products.ofIds(tx, [productId])) !== null;
      if (!isKnown) throw UserError.notFound(`product "${productId}"`);
      const receivedAt = this.clock.now();
      const origin = { source: 'test', hookId: null, receivedAt, productId };
      const sign = signOfTest(status, productId, by);
      await this.signs.apply(tx, origin, [{ ...sign, at: receivedAt }]);
      return (await this.alerts.lockNewest(tx, origin.source, ownKey(origin, sign)))!;
    });
  }
}

function signOfTest(status: Sign['status'], productId: string, by: string): Sign {
  return {
    ...{ key: 'test', status, kind: 'other', severity: 'info', title: `Test of ${productId}` },
    detail: `${by} wants to know whether alerts of ${productId} arrive. Nothing is wrong.`,
    ...{ link: null, productHints: [productId], at: null, by },
  };
}
