import { Injectable, Logger } from '@nestjs/common';
import { ServiceDatabase } from '@recert/bus';
import { AlertRepository } from '../../alerts/alert.repository';
import { DeliveryRepository } from '../../messages/delivery.repository';
import { NonceRepository } from '../../questions/nonce.repository';
import { WrongCodeRepository } from './accounts/wrong-code.repository';
import { type Lease } from './leadership';
import { pause } from './pause';
import { UpdateRepository } from './receive/update.repository';

const EVERY_MS = 3_600_000;

/** Removes what nobody needs any more. */
@Injectable()
export class CleanUp {
  private readonly log = new Logger('telegram');
  constructor(
    private readonly database: ServiceDatabase,
    private readonly updates: UpdateRepository,
    private readonly nonces: NonceRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly alerts: AlertRepository,
    private readonly wrongCodes: WrongCodeRepository,
  ) {}

  async run({ signal }: Lease): Promise<void> {
    while (!signal.aborted) {
      try {
        const db = this.database.dataSource.manager;
        await this.updates.clean(db);
        await this.nonces.clean(db);
        await this.deliveries.clean(db);
        await this.alerts.clean(db);
        await this.wrongCodes.clean(db);
      } catch (error) {
        this.log.warn(`Old rows could not be removed, trying again in an hour: ${String(error)}`);
      }
      await pause(EVERY_MS, signal);
    }
  }
}
