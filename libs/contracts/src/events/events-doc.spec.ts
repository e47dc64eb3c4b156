import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defineEvent } from '../event';
import { eventsDoc } from './events-doc';
import { allEvents } from './index';

const Shaped = defineEvent({
  subject: 'task.shaped',
  says: 'A | B.',
  publishers: ['registry', 'notifier'],
  consumers: ['scheduler'],
  schema: z.object({
    id: z.uuid(),
    at: z.iso.datetime({ offset: true }).nullable(),
    version: z.int().min(1),
    kind: z.enum(['a', 'b']),
    tags: z.array(z.string()),
    inner: z.object({ done: z.boolean(), deeper: z.object({ value: z.number() }) }).nullable(),
    section: z.string().nullable(),
    note: z.string().optional(),
    data: z.unknown().optional(),
  }),
  example: {
    id: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
    at: null,
    version: 1,
    kind: 'a',
    tags: [],
    inner: null,
    section: null,
  },
});

describe('the document of the events', () => {
  const document = eventsDoc([Shaped]);

  it.each([
    '| [task.shaped](#taskshaped) | registry, notifier | A \\| B. | scheduler |',
    '| `id` | UUID |',
    '| `at` | instant, ISO 8601 or null |',
    '| `version` | whole number, at least 1 |',
    '| `kind` | `a`, `b` |',
    '| `tags` | list of text |',
    '| `inner` | object or null |',
    '| `inner.done` | true or false |',
    '| `inner.deeper.value` | number |',
    '| `section` | text or null |',
    '| `note` | text (may be missing) |',
    '| `data` | anything (may be missing) |',
    '  "kind": "a",',
  ])('has the line %s', (line) => {
    expect(document.split('\n')).toContain(line);
  });

  it('shows each shape of an event that has several', () => {
    const Several = defineEvent({
      ...Shaped,
      schema: z.discriminatedUnion('what', [
        z.object({ what: z.literal('up'), name: z.string() }),
        z.object({ what: z.literal('down'), reason: z.string() }),
      ]),
      example: { what: 'up', name: 'x' },
    });
    const lines = eventsDoc([Several]).split('\n');
    for (const line of ['| `what` | `"up"` |', '| `name` | text |', '| `what` | `"down"` |', '| `reason` | text |'])
      expect(lines).toContain(line);
  });

  it('is docs/events.md; if not, run: node tools/generate-events-doc.mjs', () => {
    const file = join(__dirname, '../../../../docs/events.md');
    expect(readFileSync(file, 'utf8')).toBe(eventsDoc(allEvents));
  });
});
