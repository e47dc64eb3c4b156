import { nameBeside } from './restored-database';

describe('a database beside another one', () => {
  const now = new Date('2026-11-30T21:30:05.678Z');

  it('is called after it and the time', () => {
    expect(nameBeside('recert', 'before', now)).toBe('recert_before_20261130_213005');
  });

  it('has a name that PostgreSQL does not cut off', () => {
    expect(Buffer.byteLength(nameBeside('x'.repeat(63), 'restored', now))).toBeLessThanOrEqual(63);
  });
});
