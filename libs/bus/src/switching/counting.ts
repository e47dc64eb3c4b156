import { type BusMember } from '@recert/contracts';
import { type ServiceDatabase } from '../service-database';
import { type Consumed } from './taking';

type Counts = Pick<BusMember, 'published' | 'handled'>;

/** The events whose id was made in a time, both ends as ISO 8601: the end is not among them. */
export interface CountedTime {
  readonly since: string;
  readonly until: string;
}

/**
 * What a service has published and handled of the events of a time. An id tells when it was made, so that publisher and
 * consumer count the same events, whatever their clocks say.
 */
export async function countEvents(
  database: ServiceDatabase,
  consumers: ReadonlyMap<string, Pick<Consumed, 'subject'>>,
  { since, until }: CountedTime,
): Promise<Counts> {
  const ids = [firstIdAt(since), firstIdAt(until)];
  const published = await database.query<{ subject: string; n: string }>(
    `select subject, count(*) as n from outbox
     where event_id >= $1 and event_id < $2 and published_at is not null group by subject`,
    ids,
  );
  const handled = await database.query<{ consumer: string; n: string }>(
    `select consumer, count(*) as n from (
       select consumer, event_id::text from inbox
       where consumer = any($3) and event_id >= $1::uuid and event_id < $2::uuid
       union select consumer, event_id from dead_letter
       where consumer = any($3) and event_id >= $1::text and event_id < $2::text) as each
     group by consumer`,
    [...ids, [...consumers.keys()]],
  );
  const counts = new Map(handled.map(({ consumer, n }) => [consumer, Number(n)]));
  return {
    published: Object.fromEntries(published.map(({ subject, n }) => [subject, Number(n)])),
    handled: [...consumers].map(([consumer, { subject }]) => ({
      consumer,
      subject,
      events: counts.get(consumer) ?? 0,
    })),
  };
}

/** The least UUIDv7 that can be made at an instant. */
function firstIdAt(instant: string): string {
  const hex = Date.parse(instant).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
