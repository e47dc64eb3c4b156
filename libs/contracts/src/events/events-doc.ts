import { z } from 'zod';
import { type EventContract } from '../event';

/** docs/events.md as the contracts say it: a table of all events, then each with its example and its JSON Schema. */
export function eventsDoc(events: readonly EventContract[]): string {
  const rows = events.map(
    ({ subject, publishers, consumers, says }) =>
      `| [${subject}](#${subject.replace('.', '')}) | ${publishers.join(', ')} | ${consumers.join(', ')} | ${says} |`,
  );
  return `# Events

Made from libs/contracts by \`node tools/generate-events-doc.mjs\`; a test holds it to them.

CloudEvents 1.0 in binary mode: the payload is the bare data as JSON, the attributes travel as headers (\`ce-id\`, a UUIDv7
and also \`Nats-Msg-Id\`; \`ce-source\`, the service; \`ce-type\`, the subject; \`ce-time\`; \`ce-correlationid\`;
\`ce-causationid\`). A consumer passes over fields that it does not know.

| subject | published by | consumed by | says |
| --- | --- | --- | --- |
${rows.join('\n')}

${events.map(section).join('\n')}`;
}

function section({ subject, says, example, schema }: EventContract): string {
  return `## ${subject}

${says}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

<details><summary>JSON Schema</summary>

\`\`\`json
${JSON.stringify(z.toJSONSchema(schema), null, 2)}
\`\`\`

</details>
`;
}
