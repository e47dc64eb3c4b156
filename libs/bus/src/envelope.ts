import { type EventAttributes } from '@recert/contracts';

/** An event as it lies in an outbox and travels on a transport: attributes and the bare data as JSON text. */
export interface Envelope {
  readonly attributes: EventAttributes;
  /** JSON of the data alone: CloudEvents 1.0 in binary mode. */
  readonly payload: string;
}

/** The attributes as CloudEvents headers of the NATS protocol binding: `ce-` before each name. */
export function toHeaders(attributes: EventAttributes): Record<string, string> {
  const headers: Record<string, string> = {
    'ce-specversion': '1.0',
    'ce-id': attributes.id,
    'ce-source': attributes.source,
    'ce-type': attributes.type,
    'ce-time': attributes.time,
    'ce-correlationid': attributes.correlationId,
    'content-type': 'application/json',
  };
  if (attributes.causationId !== null) headers['ce-causationid'] = attributes.causationId;
  return headers;
}

/**
 * The attributes out of `ce-*` headers, or null where a required one is missing: such a message is not an event of
 * ours and ends as a dead letter.
 */
export function fromHeaders(header: (name: string) => string | undefined): EventAttributes | null {
  const id = header('ce-id');
  const source = header('ce-source');
  const type = header('ce-type');
  const time = header('ce-time');
  if (!id || !source || !type || !time) return null;
  return {
    id,
    source,
    type,
    time,
    correlationId: header('ce-correlationid') ?? id,
    causationId: header('ce-causationid') ?? null,
  };
}
