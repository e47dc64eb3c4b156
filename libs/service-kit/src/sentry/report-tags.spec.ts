import { placeOf, tagsOf, whatOf } from './report-tags';

describe('the tags of a report', () => {
  it('are where it happened, and nothing else that a line says', () => {
    const fields = {
      durable: 'registry.a',
      subject: 'x.y',
      correlationId: 'c',
      attempt: 3,
      processId: 'Anna',
      hook: 7,
    };
    expect(tagsOf('standalone', fields)).toEqual({
      ...{ service: 'registry', durable: 'registry.a', subject: 'x.y', correlationId: 'c' },
    });
  });

  it('name the service that the line says, else the process', () => {
    expect(tagsOf('standalone', { service: 'kpi-ingest', hook: 'kpi' })).toEqual({
      service: 'kpi-ingest',
      hook: 'kpi',
    });
    expect(tagsOf('standalone', { timer: 'scheduler.review-timer' })).toMatchObject({ service: 'scheduler' });
    expect(tagsOf('standalone', {})).toEqual({ service: 'standalone' });
  });
});

describe('by what a report is known again', () => {
  const tags = { service: 'registry', durable: 'registry.a' };

  it('is the same for other ids, numbers and reasons', () => {
    const one = whatOf(tags, 'The update 17 cannot be handled and was put aside: no chat 5');
    expect(whatOf(tags, 'The update 18 cannot be handled and was put aside: Anna is away')).toBe(one);
    expect(one).toBe('registry | registry.a | The update # cannot be handled and was put aside');
    expect(whatOf(tags, 'event: kept as a dead letter: "Anna"')).toContain('event: kept as a dead letter');
  });

  it('is another one for another consumer, kind of error or place', () => {
    const error = new TypeError('x');
    const all = [
      whatOf(tags, 'failed', error),
      whatOf({ ...tags, durable: 'registry.b' }, 'failed', error),
      whatOf(tags, 'failed', new RangeError('x')),
      whatOf(
        tags,
        'failed',
        Object.assign(new TypeError('x'), { stack: 'TypeError: x\n    at f (/app/dist/a.js:1:2)' }),
      ),
    ];
    expect(new Set(all).size).toBe(4);
    expect(all[0]).toContain('libs/service-kit/src/sentry/report-tags.spec.ts:');
  });
});

describe('the place of an error', () => {
  it('is the first of our own, without the folders of the machine', () => {
    const stack = [
      'Error: failed at (/home/anna/x.js:1:1)',
      '    at parse (/home/anna/recert/node_modules/pg/lib/parser.js:9:9)',
      '    at async Relay.step (/home/anna/recert/libs/bus/dist/outbox-relay.js:123:7)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    ].join('\n');
    expect(placeOf(stack)).toBe('libs/bus/dist/outbox-relay.js:123');
  });

  it('is that of a library where none is ours, and none without a stack', () => {
    expect(placeOf('Error: x\n    at f (/app/node_modules/pg/a.js:1:2)')).toBe('node_modules/pg/a.js:1');
    expect(placeOf('Error: x')).toBeNull();
  });
});
