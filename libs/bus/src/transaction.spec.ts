import { type EntityManager } from 'typeorm';
import { Counted } from './test-kit/test-service';
import { OpenTransaction } from './transaction';

const sourceOf = (by?: string): string => {
  const tx = new OpenTransaction({} as EntityManager, 'registry', null);
  tx.publish(Counted, { n: 1, text: '' }, by);
  return tx.events[0]!.attributes.source;
};

describe('the source of an event', () => {
  it('is the service, and whose words it passes on', () => {
    expect(sourceOf()).toBe('registry');
    expect(sourceOf('n8n')).toBe('registry/n8n');
    expect(sourceOf('Büro 1/2')).toBe('registry/B%C3%BCro%201%2F2');
  });

  it('is printable and has 200 characters at most, whatever they are called', () => {
    for (const name of ['Ü'.repeat(100), 'x'.repeat(100), 'xÜ'.repeat(50), '🙂'.repeat(50), 'half \ud83d', 'a\u0000b'])
      expect(sourceOf(name)).toMatch(/^registry\/(?:[\w!'()*.~-]|%[0-9A-F]{2}){1,191}$/);
  });
});
