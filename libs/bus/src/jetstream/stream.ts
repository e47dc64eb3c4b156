import {
  AckPolicy,
  type ConsumerInfo,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { allEvents } from '@recert/contracts';
import { nanos } from '@nats-io/transport-node';

export const STREAM = 'RECERT';
const DAY_MS = 86_400_000;

/** The first words of all subjects, so that a new event of a known family needs no change of the stream. */
export function subjects(): string[] {
  return [
    ...new Set([
      ...allEvents.map((event) => `${event.subject.split('.')[0]}.>`),
      'kpi.>',
      'alert.>',
      'release.>',
      'task.>',
      'outside.>',
    ]),
  ];
}

/** What our promises need: full means refuse (the default deletes what nobody has read yet), nobody purges or deletes. */
const promised = { discard: DiscardPolicy.New, deny_delete: true, deny_purge: true } as const;

/**
 * Makes sure that the stream is there with the settings that our promises need. Sizes and ages that an administrator
 * changed are left alone.
 * @throws Error when there is a stream of this name that cannot keep them
 */
export async function ensureStream(manager: JetStreamManager): Promise<StreamInfo> {
  try {
    const info = await manager.streams.info(STREAM);
    const { config } = info;
    if (config.storage !== StorageType.File || config.retention !== RetentionPolicy.Limits)
      throw new Error(
        `the stream ${STREAM} must have storage "file" and retention "limits", not "${config.storage}" and "${config.retention}": remove it, the outboxes fill it again`,
      );
    const changes = changesOf(config);
    return Object.keys(changes).length === 0 ? info : await manager.streams.update(STREAM, changes);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return manager.streams.add({
    name: STREAM,
    subjects: subjects(),
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: nanos(30 * DAY_MS),
    max_bytes: 1024 * 1024 * 1024,
    duplicate_window: nanos(5 * 60_000),
    ...promised,
  });
}

function changesOf(config: StreamConfig): Partial<StreamConfig> {
  const missing = subjects().filter((subject) => !config.subjects.includes(subject));
  const kept = (Object.keys(promised) as (keyof typeof promised)[]).every((key) => config[key] === promised[key]);
  return {
    ...(missing.length > 0 ? { subjects: [...config.subjects, ...missing] } : {}),
    ...(kept ? {} : promised),
  };
}

/** Whether some subject of the stream takes in this one. */
export function isCarried(subject: string): boolean {
  return subjects().some((pattern) => subject.startsWith(pattern.slice(0, -1)));
}

/**
 * Servers before 2.14 keep a consumer whose floor lies ahead of a stream that was rolled back, and it skips what is
 * published then. Such a consumer is made anew, from the beginning: the inbox knows what it had. This must happen
 * before anything is published on a new connection, for once the stream has caught up it cannot be seen any more.
 */
export async function mendConsumers(manager: JetStreamManager, lastSequence: number): Promise<string[]> {
  const mended: string[] = [];
  for await (const info of manager.consumers.list(STREAM)) {
    if (!isAhead(info, lastSequence)) continue;
    const { opt_start_seq: _, opt_start_time: __, ...config } = info.config;
    await manager.consumers.delete(STREAM, info.name);
    await manager.consumers.add(STREAM, { ...config, deliver_policy: DeliverPolicy.All });
    mended.push(info.name);
  }
  return mended;
}

function isAhead(info: ConsumerInfo, lastSequence: number): boolean {
  return info.ack_floor.stream_seq > lastSequence || info.delivered.stream_seq > lastSequence;
}

/** A durable name may not hold a dot in NATS. */
export function natsName(durable: string): string {
  return durable.replaceAll('.', '_');
}

/**
 * Makes sure that the durable consumer is there; a new one begins with the first message that is kept.
 * @param ackWaitMs an unacked delivery comes again after this long, unless its process says that it still works on it
 */
export async function ensureConsumer(
  manager: JetStreamManager,
  durable: string,
  subject: string,
  ackWaitMs: number,
): Promise<void> {
  const wanted = {
    filter_subject: subject,
    ack_wait: nanos(ackWaitMs),
    // Giving up is our decision: the server would only skip the message, and tell nobody.
    max_deliver: -1,
    // What waits for its retry counts as pending too, and must not keep the others from being delivered.
    max_ack_pending: -1,
  };
  try {
    const { config } = await manager.consumers.info(STREAM, natsName(durable));
    const differs = (Object.keys(wanted) as (keyof typeof wanted)[]).some((key) => config[key] !== wanted[key]);
    if (differs) await manager.consumers.update(STREAM, natsName(durable), wanted);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await manager.consumers.add(STREAM, {
      durable_name: natsName(durable),
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ...wanted,
    });
  }
}

/** How many messages are not delivered to it, or not acked by it; none for one that is not there. */
export async function pendingOf(manager: JetStreamManager, durable: string): Promise<number> {
  try {
    const info = await manager.consumers.info(STREAM, natsName(durable));
    return info.num_pending + info.num_ack_pending;
  } catch (error) {
    if (isNotFound(error)) return 0;
    throw error;
  }
}

/** One that is not there is removed already. */
export async function removeConsumer(manager: JetStreamManager, durable: string): Promise<void> {
  try {
    await manager.consumers.delete(STREAM, natsName(durable));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** @returns how many consumers the service had */
export async function removeConsumersOf(manager: JetStreamManager, service: string): Promise<number> {
  const names: string[] = [];
  for await (const { name } of manager.consumers.list(STREAM))
    if (name.startsWith(natsName(`${service}.`))) names.push(name);
  for (const name of names) await removeConsumer(manager, name);
  return names.length;
}

export function isNotFound(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamNotFound || error.code === JetStreamApiCodes.ConsumerNotFound)
  );
}
