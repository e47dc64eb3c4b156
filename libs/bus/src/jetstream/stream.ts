import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { allEvents } from '@recert/contracts';
import { nanos } from '@nats-io/transport-node';

export const STREAM = 'RECERT';
const DAY_MS = 86_400_000;
/** An unacked delivery comes again after this long. */
export const ACK_WAIT_MS = 30_000;

/** The first words of all subjects, so that a new event of a known family needs no change of the stream. */
function subjects(): string[] {
  return [
    ...new Set([
      ...allEvents.map((event) => `${event.subject.split('.')[0]}.>`),
      'kpi.>',
      'alert.>',
      'release.>',
      'task.>',
    ]),
  ];
}

/**
 * Makes sure that the stream is there with the settings that our promises need: on disk, full means refuse (the
 * default deletes what nobody has read yet), nobody may purge or delete.
 */
export async function ensureStream(manager: JetStreamManager): Promise<StreamInfo> {
  try {
    const info = await manager.streams.info(STREAM);
    const missing = subjects().filter((subject) => !info.config.subjects.includes(subject));
    if (missing.length === 0) return info;
    return await manager.streams.update(STREAM, { subjects: [...info.config.subjects, ...missing] });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return manager.streams.add({
    name: STREAM,
    subjects: subjects(),
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_age: nanos(30 * DAY_MS),
    max_bytes: 1024 * 1024 * 1024,
    duplicate_window: nanos(5 * 60_000),
    deny_delete: true,
    deny_purge: true,
  });
}

/**
 * Makes sure that the durable consumer is there. Servers before 2.14 keep a consumer whose floor lies ahead of a
 * rolled back stream, and it skips what is published then: such a one is made anew, and the inbox knows what it had.
 */
export async function ensureConsumer(
  manager: JetStreamManager,
  durable: string,
  subject: string,
  maxInHand: number,
): Promise<void> {
  const stream = await manager.streams.info(STREAM);
  try {
    const info = await manager.consumers.info(STREAM, durable);
    if (info.ack_floor.stream_seq <= stream.state.last_seq && info.delivered.stream_seq <= stream.state.last_seq) {
      if (info.config.filter_subject !== subject)
        await manager.consumers.update(STREAM, durable, { filter_subject: subject });
      return;
    }
    await manager.consumers.delete(STREAM, durable);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  await manager.consumers.add(STREAM, {
    durable_name: durable,
    filter_subject: subject,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: maxInHand,
  });
}

export function isNotFound(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamNotFound || error.code === JetStreamApiCodes.ConsumerNotFound)
  );
}
