import { type EventAttributes } from '@recert/contracts';
import { fromHeaders, toHeaders } from './envelope';

const attributes: EventAttributes = {
  id: '0198c5a2-7a41-7c3e-9a70-3c1f5b9e2d10',
  source: 'registry',
  type: 'process.due',
  time: '2026-11-22T09:00:00.000Z',
  correlationId: '0198c5a2-9b1d-7f7a-8a35-9b7c0d1e2f30',
  causationId: '0198c5a2-9b1d-7f7a-8a35-9b7c0d1e2f31',
};

describe('the headers of an event', () => {
  it.each([attributes, { ...attributes, causationId: null }])('carry its attributes there and back', (given) => {
    const headers = toHeaders(given);
    expect(fromHeaders((name) => headers[name])).toEqual(given);
  });

  it('are those of CloudEvents 1.0 in binary mode', () => {
    expect(toHeaders(attributes)).toMatchObject({
      'ce-specversion': '1.0',
      'ce-id': attributes.id,
      'content-type': 'application/json',
    });
    expect(Object.keys(toHeaders({ ...attributes, causationId: null }))).not.toContain('ce-causationid');
  });

  it.each(['ce-id', 'ce-source', 'ce-type', 'ce-time'])('are no event without %s, or with an empty one', (missing) => {
    const headers = toHeaders(attributes);
    expect(fromHeaders((name) => (name === missing ? undefined : headers[name]))).toBeNull();
    expect(fromHeaders((name) => (name === missing ? '' : headers[name]))).toBeNull();
  });

  it('name the event itself as the beginning when nothing is said of it', () => {
    const headers = toHeaders(attributes);
    const read = fromHeaders((name) => (name.endsWith('ationid') ? undefined : headers[name]));
    expect(read).toMatchObject({ correlationId: attributes.id, causationId: null });
  });
});
