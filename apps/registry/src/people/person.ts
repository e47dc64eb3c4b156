import { type PersonChanged, type PersonView, type Role } from '@recert/contracts';
import { type HistoryEntry } from '../history/history-chain';

/** Somebody who owns processes, or may look at or change what is registered. */
export interface Person {
  readonly handle: string;
  /** Grows by one with every change; 0 before the first. */
  readonly version: number;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  readonly telegram: TelegramLink;
  readonly invitation: Invitation | null;
}

export interface TelegramLink {
  readonly linked: boolean;
  /** When it was linked or lost; null when it never was. */
  readonly at: Date | null;
  /** Why the account cannot be reached any more. */
  readonly lost: string | null;
}

/** What is kept of an open invitation: never its code. */
export interface Invitation {
  /** SHA-256 (hex) of the code. */
  readonly codeHash: string;
  readonly expiresAt: Date;
}

export function newPerson(handle: string, name: string, roles: readonly Role[]): Person {
  const telegram = { linked: false, at: null, lost: null };
  return { handle, version: 0, name, roles, active: true, telegram, invitation: null };
}

/** Numbers of processes that are not retired. */
export interface Belongings {
  readonly owns: number;
  readonly deputyOf: number;
}

export function toPersonView(person: Person, { owns, deputyOf }: Belongings): PersonView {
  const { handle, name, roles, active, telegram } = person;
  const since = telegram.linked ? (telegram.at?.toISOString() ?? null) : null;
  return {
    ...{ handle, name, active, owns, deputyOf },
    roles: [...roles],
    telegram: { linked: telegram.linked, since, lost: telegram.lost },
  };
}

export function toPersonChanged({ handle, version, name, roles, active, invitation }: Person): PersonChanged {
  return {
    ...{ handle, version, name, active },
    roles: [...roles],
    invitation: invitation && { codeHash: invitation.codeHash, expiresAt: invitation.expiresAt.toISOString() },
  };
}

/** The rows that a change of a person leaves in the history; a new one leaves one, of the roles. */
export function historyOfPerson(
  before: Person | null,
  after: Person,
  reason: Pick<HistoryEntry, 'at' | 'by' | 'cause' | 'source'>,
): HistoryEntry[] {
  const was = before && tracked(before);
  return Object.entries(tracked(after)).flatMap(([field, now]) => {
    const old = was?.[field] ?? null;
    const isNews = was === null ? field === 'roles' : old !== now;
    return isNews ? [{ ...reason, processId: null, person: after.handle, field, old, new: now }] : [];
  });
}

function tracked({ name, roles, active, telegram }: Person): Readonly<Record<string, string>> {
  const link = telegram.linked ? 'linked' : telegram.lost === null ? 'not linked' : `lost: ${telegram.lost}`;
  return { name, roles: [...roles].sort().join(' '), active: String(active), telegram: link };
}
