import { Injectable } from '@nestjs/common';
import { type Tx } from '@recert/bus';
import { Clock } from '@recert/service-kit';
import { DeliveryRepository } from './delivery.repository';
import { SendDeliveries } from './send-deliveries';

/** An event that is to be sent outside. */
export interface ToBeSent {
  readonly id: string;
  readonly subject: string;
  /** When it was said, ISO 8601. */
  readonly time: string;
  readonly data: unknown;
}

/** Makes a delivery of an event for each subscription that wants it. */
@Injectable()
export class WriteDeliveries {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly sender: SendDeliveries,
    private readonly clock: Clock,
  ) {}

  async write(tx: Tx, { id, subject, time, data }: ToBeSent): Promise<void> {
    const now = this.clock.now();
    const at = new Date(time);
    const written = await this.deliveries.add(tx, { id, subject, at, body: bodyOf(subject, at, data) }, now);
    if (written > 0) tx.afterCommit(() => this.sender.expect(now));
  }
}

/**
 * The body of a message, as Standard Webhooks advises, with the fields of every object sorted by name: a receiver that keeps
 * the fields and not their order, as a `jsonb` column does, can write the signed text again.
 */
export function bodyOf(type: string, at: Date, data: unknown): string {
  return JSON.stringify({ type, timestamp: at.toISOString(), data }, (_, value: unknown) => sorted(value));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
