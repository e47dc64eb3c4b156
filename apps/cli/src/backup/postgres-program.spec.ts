import { majorIn } from './postgres-program';

describe('a program of PostgreSQL', () => {
  it.each([
    ['pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)', 15],
    ['pg_dump (PostgreSQL) 18.0', 18],
    ['pg_restore (PostgreSQL) 19beta1', 19],
    ['pg_dump: command not found', null],
  ])('says its version: %s', (said, major) => {
    expect(majorIn(said)).toBe(major);
  });
});
