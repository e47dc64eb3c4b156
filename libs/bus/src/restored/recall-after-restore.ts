import { DeadLetters } from '../dead-letters';
import { type EventServer } from '../event-server';
import { type ServiceDatabase } from '../service-database';
import { routeOf } from '../switching/member-state';
import { readMemberState } from '../switching/member-table';
import { type BusLog, type Incoming } from '../transport';
import { readEvent } from '../read-event';
import { recallOwnEvents, recallerOf, restoredTo } from './recall-own-events';
import { type Recalling } from './recalling';

const LOOK_AGAIN_MS = 2_000;
const SAY_SO_EVERY = 15;

/** A service that may have to get back what it knew. */
export interface Recaller {
  readonly database: ServiceDatabase;
  readonly recallings: readonly Recalling[];
  readonly log: BusLog;
}

/**
 * To be waited for before anything of the service begins. Costs one look at the database; where that was restored from a
 * backup it waits for the bus, without end: what the service would do before it knows what it has said would contradict it.
 * @param events which the service has joined
 */
export async function recallAfterRestore(events: EventServer, recaller: Recaller): Promise<void> {
  const { database, recallings, log } = recaller;
  for (const recalling of recallings)
    events.onReplay(recallerOf(database.service, recalling), (incoming) => again(database, recalling, incoming));
  const state = await restoredTo(database);
  if (state === null) return;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { ways } = events;
      const transport = ways.at(routeOf(await readMemberState(database, ways.home), ways.home).publish);
      const recalled = await recallOwnEvents({ database, transport, recallings, log }, state);
      log.warn('bus: the database was restored from a backup; what was said since is recalled, all else comes again', {
        ...{ service: database.service, backup: state.toISOString(), recalled },
      });
      return;
    } catch (error) {
      if (attempt % SAY_SO_EVERY === 0)
        log.warn('bus: the database was restored from a backup, and waits for the bus to get back what came after it', {
          ...{ service: database.service, error: String(error) },
        });
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

/** Only what the service makes of the event: the bus has it anyway. */
async function again(database: ServiceDatabase, recalling: Recalling, incoming: Incoming): Promise<string | null> {
  const letters = new DeadLetters(database);
  const name = recallerOf(database.service, recalling);
  const reason = await attempt(database, recalling, incoming);
  if (reason === null) await letters.markReplayed(name, incoming.attributes?.id ?? incoming.position);
  else await letters.keep(name, incoming, reason);
  return reason;
}

async function attempt(database: ServiceDatabase, recalling: Recalling, incoming: Incoming): Promise<string | null> {
  const event = readEvent(recalling.event, incoming);
  if (!event.ok) return event.reason;
  try {
    await database.transaction((tx) => recalling.recall(event.data, { tx, attributes: event.attributes }));
    return null;
  } catch (error) {
    return String(error);
  }
}
