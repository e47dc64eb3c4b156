import { type Role, type SessionChanged, type SessionView } from '@recert/contracts';

/** A login of a browser that is neither over nor ended. */
export interface Session {
  /** 12 hex digits, for whoever looks at a list of them. */
  readonly id: string;
  readonly version: number;
  /** SHA-256 of the cookie. */
  readonly hash: Buffer;
  /** The person; null for the admin who came by the link of the start. */
  readonly handle: string | null;
  /** What the person may do at present. */
  readonly role: Role;
  /** What the browser said of itself. */
  readonly device: string | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

/** What stands in the history as `by`. */
export function nameOf({ handle }: Pick<Session, 'handle'>): string {
  return handle ?? 'admin';
}

export function toSessionChanged(session: Session, active: boolean): SessionChanged {
  const { id, version, hash, handle, role, expiresAt } = session;
  return {
    ...{ sessionId: id, version, handle, role, active },
    hash: hash.toString('hex'),
    name: nameOf(session),
    expiresAt: expiresAt.toISOString(),
  };
}

/** @param current hash of the cookie that came with the request */
export function toSessionView(session: Session, current: Buffer | null): SessionView {
  const { id, hash, handle, role, device } = session;
  return {
    ...{ id, name: nameOf(session), handle, role, device },
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    current: current !== null && hash.equals(current),
  };
}
