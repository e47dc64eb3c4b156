import { type EventAttributes } from '@recert/contracts';
import { newEventId } from '../event-id';
import { type Incoming } from '../transport';

/** A delivery by hand, which tells how it was ended. */
export interface HandDelivery extends Incoming {
  readonly endings: ('ack' | number)[];
}

export function attributesOf(type: string, id = newEventId()): EventAttributes {
  return { id, source: 'test', type, time: '2026-11-22T09:00:00.000Z', correlationId: newEventId(), causationId: null };
}

/** @param data goes as it is when it is bytes, else as JSON */
export function handDelivery(
  attributes: EventAttributes | null,
  data: unknown,
  deliveries = 1,
  position = 'test 1',
): HandDelivery {
  const endings: ('ack' | number)[] = [];
  return {
    subject: attributes?.type ?? 'task.unknown',
    position,
    attributes,
    payload: Buffer.isBuffer(data) ? data : Buffer.from(JSON.stringify(data)),
    deliveries,
    endings,
    ack: () => void endings.push('ack'),
    retryAfter: (delayMs) => void endings.push(delayMs),
  };
}
