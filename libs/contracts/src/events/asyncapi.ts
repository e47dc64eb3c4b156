import { z } from 'zod';
import { type EventContract } from '../event';
import { ReviewRequested } from './process.events';
import { TaskRegistered, TaskReported } from './task.events';

/** What a module of one's own may say besides subjects of its own. */
const OPEN_TO_MODULES: readonly EventContract[] = [TaskRegistered, TaskReported, ReviewRequested];

const HEADERS = {
  type: 'object',
  required: ['ce-specversion', 'ce-id', 'ce-source', 'ce-type', 'ce-time', 'Nats-Msg-Id'],
  properties: {
    'ce-specversion': { const: '1.0' },
    'ce-id': {
      type: 'string',
      format: 'uuid',
      description: 'UUIDv7 of the fact. The same id is the same fact: act on it once.',
    },
    'ce-source': { type: 'string', description: 'Who says it.' },
    'ce-type': { type: 'string', description: 'The subject.' },
    'ce-time': { type: 'string', format: 'date-time', description: 'When it was said.' },
    'ce-correlationid': { type: 'string', description: 'Id of the fact that began the whole way.' },
    'ce-causationid': { type: 'string', description: 'Id of the event that this one was caused by.' },
    'Nats-Msg-Id': { type: 'string', description: 'The same as ce-id: NATS takes an event once within five minutes.' },
  },
};

const OUTSIDE = {
  subject: 'outside.{name}',
  says: "What a module of one's own or an outside system says: any JSON object. The name is made of a-z, 0-9 and dashes.",
};

const DESCRIPTION = `Everything that passes on the bus of Recert, for modules of one's own.

Events are CloudEvents 1.0 in binary mode on NATS JetStream, in the stream RECERT: the payload is the bare data as JSON, the
attributes are headers. Delivery is at least once and in no promised order. To hear of something, make a durable pull consumer
with deliver_policy all, ack_policy explicit and a filter_subject; to say something, publish with all the headers and wait for
the acknowledgement of JetStream.`;

/** The description of the bus as AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0), as plain data. */
export function asyncApi(events: readonly EventContract[]): object {
  const subjects = [...events.map(({ subject }) => subject), 'outside.name'];
  return {
    asyncapi: '3.0.0',
    info: { title: 'Recert', version: '1.0.0', description: DESCRIPTION },
    defaultContentType: 'application/json',
    servers: {
      nats: { host: '127.0.0.1:4222', protocol: 'nats', description: 'Whatever BUS_URL names.' },
    },
    channels: {
      ...Object.fromEntries(events.map((event) => [event.subject, channel(event.subject, event.subject, event.says)])),
      'outside.name': {
        ...channel('outside.name', OUTSIDE.subject, OUTSIDE.says),
        parameters: { name: { description: 'Of a-z, 0-9 and dashes, 60 at most.', examples: ['invoice-paid'] } },
      },
    },
    operations: {
      ...Object.fromEntries(subjects.map((subject) => [`hear.${subject}`, operation('receive', subject)])),
      ...Object.fromEntries(
        [...OPEN_TO_MODULES.map(({ subject }) => subject), 'outside.name'].map((subject) => [
          `say.${subject}`,
          operation('send', subject),
        ]),
      ),
    },
    components: {
      messages: {
        ...Object.fromEntries(events.map((event) => [event.subject, message(event)])),
        'outside.name': {
          name: OUTSIDE.subject,
          summary: OUTSIDE.says,
          headers: headers(),
          payload: { type: 'object' },
        },
      },
      schemas: { headers: HEADERS },
    },
  };
}

function channel(key: string, address: string, summary: string): object {
  return { address, summary, messages: { said: { $ref: `#/components/messages/${key}` } } };
}

function operation(action: 'send' | 'receive', subject: string): object {
  return {
    action,
    channel: { $ref: `#/channels/${subject}` },
    messages: [{ $ref: `#/channels/${subject}/messages/said` }],
  };
}

function message({ subject, says, schema, example, publishers }: EventContract): object {
  const { $schema: _, ...payload } = z.toJSONSchema(schema, { target: 'draft-7', unrepresentable: 'any' });
  return {
    name: subject,
    title: subject,
    summary: says,
    description: `Published by ${publishers.join(', ')}.`,
    headers: headers(),
    payload,
    examples: [{ payload: example }],
  };
}

function headers(): object {
  return { $ref: '#/components/schemas/headers' };
}
