import { type EventAttributes } from '@recert/contracts';
import { Counted } from './test-service';
import { attributesOf } from './hand-delivery';

/** A message that no consumer of `Counted` can handle, and why. */
export interface Poison {
  readonly what: string;
  readonly attributes: EventAttributes | null;
  readonly payload: Buffer;
}

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const payloads: Readonly<Record<string, Buffer | string>> = {
  'an empty payload': '',
  'no JSON': 'n=1',
  'half an object': '{"n":1',
  'JSON that is no object': '[1]',
  null: 'null',
  'bytes that are no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'UTF-16': Buffer.from('{"n":1}', 'utf16le'),
  'a raw NUL': '{"n":1,"text":"a\u0000b"}',
  'an escaped NUL': '{"n":1,"text":"a\\u0000b"}',
  'a NUL in the name of a field': '{"n":1,"anything":{"a\\u0000b":1}}',
  'half a surrogate pair': '{"n":1,"text":"\\ud800"}',
  'the other half': '{"n":1,"anything":["\\udc00 alone"]}',
  'the wrong type': '{"n":"1"}',
  'a missing field': '{"text":"x"}',
  'a number beyond all numbers': '{"n":1e400}',
  'a fraction': '{"n":1.5}',
  'an integer that no number holds': '{"n":9007199254740993}',
  'the confirmation that JetStream gives a publisher': '{"stream":"EVT","seq":4}',
  'depth 10,000 where a number belongs': `{"n":${deep(10_000)}}`,
  'depth 10,000': deep(10_000),
  'a text of 1 MB': JSON.stringify({ n: 1, text: 'x'.repeat(1024 * 1024 - 4096) }),
  'the wrong type of 1 MB': JSON.stringify({ n: 'x'.repeat(1024 * 1024 - 4096) }),
  'a prototype': '{"__proto__":{"n":1}}',
};

/** Each has an id of its own, by which its dead letter is told from the others. */
const attributes: Readonly<Record<string, (good: EventAttributes) => EventAttributes | null>> = {
  'no attributes at all': () => null,
  'an id that is no UUID': (good) => ({ ...good, id: `no-${good.id}` }),
  'an id of 10,000 characters': (good) => ({ ...good, id: good.id + 'a'.repeat(10_000) }),
  'an id with a NUL': (good) => ({ ...good, id: `a\u0000${good.id}` }),
  'the type of another event': (good) => ({ ...good, type: 'task.other' }),
  'a source with a NUL': (good) => ({ ...good, source: '\u0000' }),
  'a correlation that is half a surrogate pair': (good) => ({ ...good, correlationId: '\ud800' }),
  'a causation of 10,000 characters': (good) => ({ ...good, causationId: 'c'.repeat(10_000) }),
};

export function poison(): Poison[] {
  const bad = Object.entries(payloads).map(([what, payload]) => ({
    what,
    attributes: attributesOf(Counted.subject),
    payload: Buffer.from(payload as string),
  }));
  const foreign = Object.entries(attributes).map(([what, of]) => ({
    what,
    attributes: of(attributesOf(Counted.subject)),
    payload: Buffer.from('{"n":1}'),
  }));
  return [...bad, ...foreign];
}
