import { type SubscriptionState, type SubscriptionView } from '@recert/contracts';
import { type HistoryEntry } from '../history/history-chain';

/** So long the secret before the present one signs too. */
export const OLD_SECRET_MS = 86_400_000;

/** An outside address that wants to hear of events. */
export interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** As they were named, e.g. `alert.*`. */
  readonly subjects: readonly string[];
  readonly state: SubscriptionState;
  readonly createdAt: Date;
  readonly lastSuccessAt: Date | null;
  readonly lastError: { readonly at: Date; readonly error: string } | null;
  readonly failingSince: Date | null;
  readonly disabledAt: Date | null;
  readonly waiting: number;
  readonly dropped: number;
  readonly oldSecretUntil: Date | null;
}

/** The secrets that sign now, the present one first. */
export function secretsAt(
  now: Date,
  { secret, oldSecret, oldSecretUntil }: { secret: string; oldSecret: string | null; oldSecretUntil: Date | null },
): string[] {
  const both = oldSecret !== null && oldSecretUntil !== null && now < oldSecretUntil;
  return both ? [secret, oldSecret] : [secret];
}

/** Scheme and host: the rest of an address may be a secret. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

/** Its credentials are not shown: whoever may read the list need not be able to send as we do. */
export function shownUrl(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#\\]*@/i, '$1***@');
}

export function toView(subscription: Subscription, now: Date): SubscriptionView {
  const { url, subjects, createdAt, lastSuccessAt, lastError, failingSince, disabledAt, oldSecretUntil, ...same } =
    subscription;
  const signsStill = oldSecretUntil !== null && now < oldSecretUntil;
  return {
    ...same,
    url: shownUrl(url),
    subjects: [...subjects],
    createdAt: createdAt.toISOString(),
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    lastError: lastError === null ? null : { at: lastError.at.toISOString(), error: lastError.error },
    failingSince: failingSince?.toISOString() ?? null,
    disabledAt: disabledAt?.toISOString() ?? null,
    oldSecretUntil: signsStill ? oldSecretUntil.toISOString() : null,
  };
}

type Described = Pick<Subscription, 'id' | 'name' | 'url' | 'subjects' | 'state'>;

/** What the history says of a change; nothing where it would say the same as before. */
export function historyOf(before: Described | null, after: Described | null, at: Date, by: string): HistoryEntry[] {
  const [old, now] = [describe(before), describe(after)];
  if (old === now) return [];
  const what = before === null ? 'made' : after === null ? 'removed' : 'changed';
  const cause = `subscription ${(after ?? before)!.id} ${what}`;
  return [{ at, by, processId: null, person: null, field: 'subscription', old, new: now, cause, source: 'http' }];
}

function describe(subscription: Described | null): string | null {
  if (subscription === null) return null;
  const { name, url, subjects, state } = subscription;
  return `${name}: ${subjects.join(' ')} to ${originOf(url)}, ${state}`;
}
