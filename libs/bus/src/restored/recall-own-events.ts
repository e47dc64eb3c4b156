import { DeadLetters } from '../dead-letters';
import { toHeaders } from '../envelope';
import { isOperational } from '../operational-error';
import { readEvent } from '../read-event';
import { type ServiceDatabase } from '../service-database';
import { type BusLog, type Incoming, type Lying, type Transport } from '../transport';
import { type Recalling } from './recalling';

/** Clocks of a database and of a service may differ; what is known already is passed over all the same. */
const MARGIN_MS = 3_600_000;

/** A restored database, and what its service does about it. */
export interface Restored {
  readonly database: ServiceDatabase;
  readonly transport: Transport;
  readonly recallings: readonly Recalling[];
  readonly log: BusLog;
}

/** @returns the state of which instant was restored and not yet brought up to date; null where nothing was */
export async function restoredTo(database: ServiceDatabase): Promise<Date | null> {
  const [row] = await database.query<{ restored_at: Date | null }>('select restored_at from bus_transport');
  return row?.restored_at ?? null;
}

/**
 * Brings a database that was restored from a backup in line with a bus that is newer: what the service has said since is
 * recalled, and everything that is kept is delivered to its consumers again, of which the inbox knows the older part.
 * Nothing of the service may run meanwhile. It can be repeated from the beginning whenever it failed.
 * @param state the instant of the backup
 * @returns how many events were recalled
 * @throws Error when the database or the bus is away
 */
export async function recallOwnEvents(restored: Restored, state: Date): Promise<number> {
  const { database, transport, recallings } = restored;
  const { id: lineage } = await transport.lineage();
  // Of what lies before its newest event that the backup knows, the backup knows all.
  const known = await newestKnown(database, lineage);
  let recalled = 0;
  for await (const { recalling, lying } of inOrder(transport, recallings, known))
    if (isOwn(lying, database.service, state) && (await recallOne(restored, recalling, lineage, lying))) recalled += 1;
  await transport.forgetAll(database.service);
  await database.query('update bus_transport set restored_at = null');
  return recalled;
}

/** What lies behind a sequence of the subjects that are recalled, in the order in which it was said. */
async function* inOrder(
  transport: Transport,
  recallings: readonly Recalling[],
  behind: number,
): AsyncGenerator<{ readonly recalling: Recalling; readonly lying: Lying }> {
  const nextOf = async (recalling: Recalling, after: number) => ({
    recalling,
    lying: await transport.next(recalling.event.subject, after),
  });
  const heads = await Promise.all(recallings.map((recalling) => nextOf(recalling, behind)));
  for (;;) {
    const first = heads.reduce<{ at: number; sequence: number } | null>(
      (best, { lying }, at) =>
        lying !== null && (best === null || lying.sequence < best.sequence) ? { at, sequence: lying.sequence } : best,
      null,
    );
    if (first === null) return;
    const { recalling, lying } = heads[first.at]!;
    yield { recalling, lying: lying! };
    heads[first.at] = await nextOf(recalling, first.sequence);
  }
}

async function newestKnown(database: ServiceDatabase, lineage: string): Promise<number> {
  const [row] = await database.query<{ seq: string | null }>(
    'select max(stream_seq) as seq from outbox where published_at is not null and stream_lineage = $1',
    [lineage],
  );
  return Number(row?.seq ?? 0);
}

/** What is older than the backup left the outbox for its age, or was undone by it. */
function isOwn({ attributes }: Lying, service: string, state: Date): boolean {
  if (attributes === null) return false;
  const isByUs = attributes.source === service || attributes.source.startsWith(`${service}/`);
  return isByUs && Date.parse(attributes.time) >= state.getTime() - MARGIN_MS;
}

async function recallOne(restored: Restored, recalling: Recalling, lineage: string, lying: Lying): Promise<boolean> {
  const { database, log } = restored;
  const event = readEvent(recalling.event, lying);
  if (!event.ok) {
    await keep(restored, recalling, lying, event.reason);
    return false;
  }
  try {
    return await database.transaction(async (tx) => {
      const { attributes } = event;
      const put = await tx.db.query<unknown[]>(PUT_BACK, [
        ...[attributes.id, attributes.type, lying.payload.toString('utf8'), JSON.stringify(toHeaders(attributes))],
        ...[lineage, lying.sequence],
      ]);
      if (put.length === 0) return false;
      await recalling.recall(event.data, { tx, attributes });
      return true;
    });
  } catch (error) {
    if (isOperational(error)) throw error;
    const fields = { service: database.service, subject: recalling.event.subject, error: String(error) };
    log.error('bus: an event could not be recalled, kept as a dead letter', fields);
    await keep(restored, recalling, lying, String(error));
    return false;
  }
}

/** @returns the name under which what could not be recalled is kept */
export function recallerOf(service: string, { event }: Recalling): string {
  return `${service}.recall-${event.subject.replaceAll('.', '-')}`;
}

function keep({ database }: Restored, recalling: Recalling, lying: Lying, reason: string): Promise<void> {
  const nothing = (): void => undefined;
  const incoming: Incoming = {
    ...lying,
    position: `recall ${lying.sequence}`,
    deliveries: 1,
    ack: nothing,
    retryAfter: nothing,
  };
  return new DeadLetters(database).keep(recallerOf(database.service, recalling), incoming, reason);
}

const PUT_BACK = `
  insert into outbox (event_id, subject, payload, headers, attempts, published_at, stream_lineage, stream_seq)
  values ($1, $2, $3, $4, 1, now(), $5, $6) on conflict do nothing returning 1`;
