import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { type Principal, UserError } from '@recert/service-kit';
import { ProductRepository } from '../products/product.repository';
import { type Alert } from './alert';

/** Admins may do something about every alert, owners about those of their products: as with the buttons in a chat. */
@Injectable()
export class WhoseAlerts {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly products: ProductRepository,
  ) {}

  /** @returns whether this person may acknowledge, snooze and resolve an alert of these */
  async mayAct(who: Principal, alerts: readonly Alert[]): Promise<(alert: Alert) => boolean> {
    return this.rule(who, alerts, this.database.dataSource.manager);
  }

  /** @throws UserError 403 */
  async mustAct(tx: Tx, who: Principal, alert: Alert): Promise<void> {
    if ((await this.rule(who, [alert], tx.db))(alert)) return;
    const whose = alert.productId === null ? 'no product' : `the product "${alert.productId}"`;
    throw new UserError(403, `This alert is of ${whose}: only its people and admins may do this.`);
  }

  private async rule(
    { role, handle }: Principal,
    alerts: readonly Alert[],
    db: Tx['db'],
  ): Promise<(alert: Alert) => boolean> {
    if (role === 'admin') return () => true;
    if (role !== 'owner' || handle === null) return () => false;
    const ids = new Set(alerts.flatMap(({ productId }) => productId ?? []));
    const theirs = await this.products.ofPerson(db, handle, [...ids]);
    return ({ productId }) => productId !== null && theirs.has(productId);
  }
}
