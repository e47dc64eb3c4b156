import { Injectable } from '@nestjs/common';
import { newEventId, ServiceDatabase } from '@recert/bus';
import { BusRefill, type RefillView } from '@recert/contracts';
import { BusRepository } from './bus.repository';

/** How long somebody who wants the bus filled again waits for the answers of all services. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 100;

/** Has every service publish again what its outbox has since an instant: for a transport that lost its store. */
@Injectable()
export class RefillBus {
  constructor(
    private readonly database: ServiceDatabase,
    private readonly repository: BusRepository,
  ) {}

  async since(since: Date, by: string): Promise<RefillView> {
    const refillId = newEventId();
    await this.database.transaction(async (tx) => {
      tx.publish(BusRefill, { refillId, since: since.toISOString(), by, at: new Date().toISOString() });
    });
    const members = (await this.repository.reports()).map(({ service }) => service);
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const services = await this.repository.refilled(refillId);
      const missing = members.filter((member) => !services.some(({ service }) => service === member));
      const events = services.reduce((sum, each) => sum + each.events, 0);
      if (missing.length === 0 || performance.now() > end) return { refillId, events, services, missing };
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
