import { z } from 'zod';
import { type EventContract } from '../event';

/** The part of JSON Schema that zod writes for our contracts. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
}

interface Field {
  readonly name: string;
  readonly type: string;
}

/** docs/events.md: every event of the bus with who says it, who hears it, its fields and an example. */
export function eventsDoc(events: readonly EventContract[]): string {
  return [INTRODUCTION, overview(events), ...events.map(section)].join('\n\n') + '\n';
}

const INTRODUCTION = `# Events

<!-- Written by \`node tools/generate-events-doc.mjs\` from libs/contracts/src/events. Do not edit. -->

What the services tell each other, and all that they tell each other. A module of your own may listen to any of it.

An event is a fact that was committed. It travels as [CloudEvents 1.0](https://github.com/cloudevents/spec) in binary mode:
the message is the bare data as JSON, the attributes are headers.

| header | |
| --- | --- |
| \`ce-id\` | UUIDv7 of the fact; on NATS also \`Nats-Msg-Id\`. The same id is the same fact: act on it once |
| \`ce-source\` | the publishing service; of what an outside system says also the name of its token: \`registry/n8n\` |
| \`ce-type\` | the subject, as below |
| \`ce-time\` | when it was said, ISO 8601 in UTC |
| \`ce-correlationid\` | id of the fact that began the whole way |
| \`ce-causationid\` | id of the event that this one was caused by; missing on a first fact |
| \`ce-specversion\` | \`1.0\` |

- **At least once.** Delivery may be repeated; a handler declared with \`@OnEvent\` acts once all the same.
- **Order is not promised.** Events carry state and a \`version\` that only grows per subject of interest: the highest wins.
- **Fields may be added.** A consumer passes over what it does not know. A field is never taken away or given another meaning.
- **On NATS** the subject of the message is the event's, in the stream \`RECERT\` (30 days). Make a durable pull consumer with
  \`deliver_policy: all\`, \`ack_policy: explicit\` and \`filter_subject\` to hear of everything that is kept and of all that comes.
- An event has at most 512 KiB. What cannot be read or handled becomes a dead letter of its consumer, with the reason.`;

function overview(events: readonly EventContract[]): string {
  const rows = events.map(
    ({ subject, says, publishers, consumers }) =>
      `| [${subject}](#${anchorOf(subject)}) | ${publishers.join(', ')} | ${cell(says)} | ${consumers.join(', ')} |`,
  );
  return ['| event | published by | says | consumed by |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function section(event: EventContract): string {
  const schema = z.toJSONSchema(event.schema, { unrepresentable: 'any' }) as Schema;
  const variants = schema.oneOf ?? schema.anyOf ?? [schema];
  return [
    `## ${event.subject}`,
    event.says,
    ...variants.map((variant) => fieldTable(fieldsOf(variant))),
    `\`\`\`json\n${JSON.stringify(event.example, null, 2)}\n\`\`\``,
  ].join('\n\n');
}

function fieldTable(fields: readonly Field[]): string {
  const rows = fields.map(({ name, type }) => `| \`${name}\` | ${type} |`);
  return ['| field | |', '| --- | --- |', ...rows].join('\n');
}

/** Objects within are flattened: `review.openedAt`. */
function fieldsOf(schema: Schema, prefix = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const optional = schema.required?.includes(key) === false ? ' (may be missing)' : '';
    const name = `${prefix}${key}`;
    const inner = [property, ...(property.anyOf ?? [])].find((each) => each.properties !== undefined);
    const field = { name, type: `${typeOf(property)}${optional}` };
    return inner === undefined ? [field] : [field, ...fieldsOf(inner, `${name}.`)];
  });
}

function typeOf(schema: Schema): string {
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return options.map(typeOf).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  if (schema.format === 'date-time') return 'instant, ISO 8601';
  if (schema.format === 'uuid') return 'UUID';
  if (schema.pattern !== undefined) return `text like \`${cell(schema.pattern)}\``;
  if (schema.type === 'integer')
    return `whole number${schema.minimum === undefined ? '' : `, at least ${schema.minimum}`}`;
  return [schema.type]
    .flat()
    .map((type) => NAMES[String(type)] ?? 'anything')
    .join(' or ');
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
  null: 'null',
};

/** As GitHub makes the anchor of a heading. */
function anchorOf(subject: string): string {
  return subject.toLowerCase().replaceAll('.', '');
}

/** A bar would end the cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
