import { type EventAttributes, type EventContract } from '@recert/contracts';
import { MAX_EVENT_BYTES, unstorableIn } from './storable-text';
import { type Incoming } from './transport';

/** The event parsed by its contract, or the sentence that says why it cannot be. */
export type ReadEvent =
  | { readonly ok: true; readonly attributes: EventAttributes; readonly data: unknown }
  | { readonly ok: false; readonly reason: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PRINTABLE = /^[\x20-\x7e]{1,200}$/;
const MOST_ISSUES = 5;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Never throws: whatever a foreign publisher may have put on the bus, the answer is an event or a reason. */
export function readEvent(contract: EventContract, incoming: Pick<Incoming, 'attributes' | 'payload'>): ReadEvent {
  const { attributes, payload } = incoming;
  if (attributes === null) return no('the message has no ce-id, ce-source, ce-type or ce-time header');
  const fault = faultOf(attributes, contract);
  if (fault !== null) return no(fault);
  if (payload.length > MAX_EVENT_BYTES)
    return no(`the payload has ${payload.length} bytes, more than ${MAX_EVENT_BYTES}`);
  try {
    const json = utf8.decode(payload);
    const result = contract.schema.safeParse(JSON.parse(json));
    if (!result.success) {
      const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'data'}: ${issue.message}`);
      return no(`not a ${contract.subject}: ${issues.slice(0, MOST_ISSUES).join('; ')}`);
    }
    const unstorable = unstorableIn(result.data, json);
    return unstorable === null ? { ok: true, attributes, data: result.data } : no(unstorable);
  } catch (error) {
    return no(`the payload is not JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function faultOf(attributes: EventAttributes, contract: EventContract): string | null {
  if (!UUID.test(attributes.id)) return 'ce-id is not a UUID';
  if (attributes.type !== contract.subject) return `ce-type is not ${contract.subject}`;
  const { source, time, correlationId, causationId } = attributes;
  const others = {
    'ce-source': source,
    'ce-time': time,
    'ce-correlationid': correlationId,
    'ce-causationid': causationId,
  };
  for (const [name, value] of Object.entries(others))
    if (value !== null && !PRINTABLE.test(value)) return `${name} is not printable ASCII of at most 200 characters`;
  return null;
}

function no(reason: string): ReadEvent {
  return { ok: false, reason };
}
