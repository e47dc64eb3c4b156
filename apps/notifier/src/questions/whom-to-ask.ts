/** Who is asked about a review: the owner, and others where the owner cannot answer. */
import { type ProcessOverdue } from '@recert/contracts';
import { chatOf, type Person } from '../people/person';
import { type KnownProcess } from '../processes/process.repository';
import { type Ask } from './question.repository';
import { NOBODY_YET, type Escalation, type Subject } from './question';

export interface Circle {
  readonly people: ReadonlyMap<string, Person>;
  /** Handles of those who are admins now. */
  readonly admins: readonly string[];
  /** Whether people are reached over Telegram at all. */
  readonly telegram: boolean;
}

/** An owner who cannot be reached keeps the question in the inbox, and the admins get it too. */
export function whenDue(owner: string | null, circle: Circle): Ask[] {
  if (owner === null) return toAdmins('no-owner', null, circle);
  const toOwner: Ask = { recipient: owner, role: 'owner', escalation: null };
  if (isReachable(owner, circle)) return [toOwner];
  return [toOwner, ...others(owner, 'unreachable', circle)];
}

export function whenOverdue(
  subject: { readonly owner: string | null; readonly deputy: string | null },
  { level, reason }: Pick<ProcessOverdue, 'level' | 'reason'>,
  circle: Circle,
): Ask[] {
  const { owner, deputy } = subject;
  const why: Escalation = owner === null && reason === 'no-answer' ? 'no-owner' : reason;
  if (level === 'admins' || deputy === null) return toAdmins(why, owner, circle);
  const toDeputy: Ask = { recipient: deputy, role: 'deputy', escalation: why };
  return isReachable(deputy, circle) ? [toDeputy] : [toDeputy, ...others(deputy, why, circle)];
}

/**
 * What the scheduler says of a review that is over, or that something newer has overtaken, is not asked any more.
 * @param review `reminder` null for an escalation, which has no number
 */
export function isLate(
  process: KnownProcess,
  review: { readonly reviewId: string; readonly openedAt: Date; readonly reminder: number | null },
): boolean {
  if (process.status === 'retired' || !process.documented) return true;
  if (process.certifiedAt !== null && process.certifiedAt > review.openedAt) return true;
  const known = process.review;
  if (known === null) return false;
  if (known.id !== review.reviewId) return known.openedAt > review.openedAt;
  if (!known.open) return true;
  // An update was promised after this was said, unless it was said because of it.
  if (process.status === 'updating') return review.reminder === null || review.reminder <= known.reminder;
  return review.reminder !== null && review.reminder < known.reminder;
}

/** The review with the newest word on whose process it is and what it is called. */
export function subjectOf(
  process: KnownProcess,
  said: Omit<Subject, 'version'> & { version: number; deputy: string | null },
): Subject & { deputy: string | null } {
  const { reviewId, processId, reason, reminder, dueAt } = said;
  const { version, name, section, url, owner, deputy } = process.version > said.version ? process : said;
  return { reviewId, processId, reason, reminder, dueAt, version, name, section, url, owner, deputy };
}

function isReachable(handle: string, { people, telegram }: Circle): boolean {
  const person = people.get(handle);
  if (telegram) return chatOf(person) !== null;
  // The inbox is open to whoever has not been switched off.
  return person?.active !== false;
}

function toAdmins(escalation: Escalation, owner: string | null, { admins }: Circle): Ask[] {
  if (admins.length === 0) return [{ recipient: NOBODY_YET, role: 'admin', escalation }];
  return admins.map((recipient) =>
    // To somebody who owns it and is an admin too, this is one more reminder.
    recipient === owner && escalation === 'no-answer'
      ? { recipient, role: 'owner', escalation: null }
      : { recipient, role: 'admin', escalation },
  );
}

function others(than: string, escalation: Escalation, circle: Circle): Ask[] {
  const asks = toAdmins(escalation, null, circle);
  return asks.filter((ask) => ask.recipient !== than && ask.recipient !== NOBODY_YET);
}
