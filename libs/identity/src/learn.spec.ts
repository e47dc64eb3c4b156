import { type Tx } from '@recert/bus';
import { type Clock, type TellTokenUses } from '@recert/service-kit';
import { newSession, newToken } from './fixture';
import { KnownSessions } from './sessions/known-sessions';
import { type KnownSession, type SessionRepository } from './sessions/session.repository';
import { KnownTokens } from './tokens/known-tokens';
import { type StoredToken, type TokenRepository } from './tokens/token.repository';

/** A table that holds whatever a test puts there. */
class Table<Row> {
  readonly rows = new Map<string, Row>();
  readonly find = async (key: string): Promise<Row | null> => this.rows.get(key) ?? null;
  readonly learn = async (): Promise<void> => undefined;
}

/** A transaction that a test commits. */
function openTx(): { tx: Tx; commit(): void } {
  const hints: (() => void)[] = [];
  const tx = { afterCommit: (hint: () => void) => hints.push(hint) } as unknown as Tx;
  return { tx, commit: () => hints.forEach((hint) => hint()) };
}

const clock = { now: () => new Date('2026-11-21T09:00:00.000Z') } satisfies Clock;

describe('what this very process hears', () => {
  it('of a token holds from the commit on, although the token was believed a moment ago', async () => {
    const table = new Table<StoredToken>();
    const uses = { note: () => undefined } as unknown as TellTokenUses;
    const tokens = new KnownTokens(table as unknown as TokenRepository, uses);
    const { token, event } = newToken('read');
    const stored = { token: { id: event.tokenId, name: 'ci', scopes: ['read'], productId: null }, active: true };
    const row = { ...stored, hash: Buffer.from(event.hash, 'hex') };
    table.rows.set(event.tokenId, row);
    expect(await tokens.bearer(token)).toMatchObject({ role: 'viewer' });
    table.rows.set(event.tokenId, { ...row, active: false });
    const { tx, commit } = openTx();
    await tokens.learn(tx, { ...event, version: 2, active: false });
    expect(await tokens.bearer(token)).toMatchObject({ role: 'viewer' });
    commit();
    expect(await tokens.bearer(token)).toBeNull();
  });

  it('of a session holds from the commit on, for the cookie that it had before as well', async () => {
    const table = new Table<KnownSession>();
    const sessions = new KnownSessions(table as unknown as SessionRepository, clock);
    const [old, next] = [newSession(), newSession()];
    const { sessionId: id, name, handle, role, expiresAt } = old.event;
    table.rows.set(old.event.hash, { id, name, handle, role, expiresAt: new Date(expiresAt), active: true });
    expect(await sessions.session(old.cookie)).toMatchObject({ handle: 'ada' });
    table.rows.set(next.event.hash, table.rows.get(old.event.hash)!);
    table.rows.set(old.event.hash, { ...table.rows.get(old.event.hash)!, active: false });
    const { tx, commit } = openTx();
    await sessions.learn(tx, { ...old.event, version: 2, hash: next.event.hash });
    commit();
    expect(await sessions.session(old.cookie)).toBeNull();
    expect(await sessions.session(next.cookie)).toMatchObject({ handle: 'ada' });
  });
});
