import { type ServiceDatabase, type Tx } from '@recert/bus';
import { type PersonRepository } from '../people/person.repository';
import { LogIn } from './log-in';
import { type LoginCode, type LoginCodeRepository } from './login-code.repository';
import { type SessionRepository } from './session.repository';

const PATIENCE_MS = 1500;
const now = new Date('2026-11-20T09:00:00.000Z');
const code = (n: number): string => String(n).padStart(32, 'x');

describe('a login whose code nobody has told of', () => {
  let known: LoginCode | null;
  let looks: number;
  let logins: LogIn;

  beforeEach(() => {
    jest.useFakeTimers();
    [known, looks] = [null, 0];
    const codes = {
      find: async () => {
        looks += 1;
        return known;
      },
      use: async () => true,
    };
    logins = new LogIn(
      { transaction: async (work: (tx: Tx) => unknown) => work({} as Tx) } as unknown as ServiceDatabase,
      codes as unknown as LoginCodeRepository,
      { add: async () => undefined } as unknown as SessionRepository,
      {} as PersonRepository,
      { now: () => now },
    );
  });
  afterEach(() => jest.useRealTimers());

  /** What becomes of it: a status, where it is an error. */
  const logIn = (n: number, address = `198.51.100.${n}`, given = code(n)): Promise<unknown> =>
    logins.logIn(given, { address, device: null }).then(
      ({ session }) => session.role,
      (error: { status: number }) => error.status,
    );

  it.each([
    [0, 'admin'],
    [300, 'admin'],
    [PATIENCE_MS - 100, 'admin'],
    [PATIENCE_MS + 1, 401],
  ])('and that comes after %d ms is answered %s', async (ms, expected) => {
    const outcome = logIn(1);
    setTimeout(() => (known = { handle: null }), ms);
    await jest.advanceTimersByTimeAsync(PATIENCE_MS + 2);
    expect(await outcome).toBe(expected);
  });

  it('is waited for 64 at a time, and then no more', async () => {
    const waiting = Array.from({ length: 64 }, (_, n) => logIn(n));
    await jest.advanceTimersByTimeAsync(0);
    expect(await logIn(64)).toBe(401);
    expect(jest.getTimerCount()).toBe(64);
    await jest.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([401]));
    const later = logIn(65);
    await jest.advanceTimersByTimeAsync(0);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(await later).toBe(401);
  });

  it('is waited for ten times of an address, also at once, and then looked for no longer than a moment', async () => {
    const outcomes = Array.from({ length: 11 }, (_, n) => logIn(n, '198.51.100.1'));
    await jest.advanceTimersByTimeAsync(0);
    expect(await outcomes.pop()).toBe(429);
    expect(jest.getTimerCount()).toBe(10);
    await jest.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set([401]));
  });

  it.each(['x'.repeat(31), 'x'.repeat(33), `${'x'.repeat(31)} `, `${'x'.repeat(31)}é`])(
    'is not even looked for when it cannot be one: %j',
    async (given) => {
      expect([await logIn(1, '198.51.100.1', given), looks]).toEqual([401, 0]);
    },
  );
});
