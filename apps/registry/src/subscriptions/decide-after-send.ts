const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long is waited after each failure, as Standard Webhooks advises; after the last one it is given up. */
export const SCHEDULE_MS: readonly number[] = [
  ...[5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
];
/** So long nothing may succeed before nothing more is sent. */
export const DISABLED_AFTER_MS = 5 * DAY_MS;
/** A receiver that asks for more is asked again after this. */
const LONGEST_WAIT_MS = DAY_MS;
const GONE = 410;
/** With these a receiver may say when it wants to be asked again. */
const BUSY = [429, 503];

/** What came of an attempt. */
export interface Attempted {
  /** Null when there was no answer. */
  readonly status: number | null;
  /** Why it did not arrive; null when it did. */
  readonly error: string | null;
  /** The header `Retry-After`, as it came. */
  readonly retryAfter: string | null;
}

export interface BeforeSend {
  /** Of this delivery, with the one that was made now. */
  readonly attempts: number;
  /** Since when nothing of this subscription has arrived, before this attempt. */
  readonly failingSince: Date | null;
}

export type AfterSend =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'failed';
      readonly error: string;
      /** When it is tried again; null when it is given up. */
      readonly nextAt: Date | null;
      /** Until when the receiver wants to be left alone, by all deliveries; null when it did not say. */
      readonly quietUntil: Date | null;
      readonly failingSince: Date;
      /** Whether nothing more is sent there until somebody enables it. */
      readonly disables: boolean;
    };

/** @param chance 0 to 1: failures must not march in step */
export function decideAfterSend(
  { attempts, failingSince: since }: BeforeSend,
  { status, error, retryAfter }: Attempted,
  now: Date,
  chance: number,
): AfterSend {
  if (error === null) return { kind: 'sent' };
  const failingSince = since ?? now;
  const isGone = status === GONE;
  const disables = isGone || now.getTime() - failingSince.getTime() >= DISABLED_AFTER_MS;
  const asked = status !== null && BUSY.includes(status) ? waitOf(retryAfter, now) : null;
  const planned = SCHEDULE_MS[attempts - 1];
  // What a receiver is gone for has not had its chances: it waits for whoever enables it.
  const waitMs = planned === undefined ? (isGone ? LONGEST_WAIT_MS : null) : planned * (1 + 0.2 * chance);
  return {
    kind: 'failed',
    error,
    nextAt: waitMs === null ? null : after(now, Math.max(waitMs, asked ?? 0)),
    quietUntil: asked === null ? null : after(now, asked),
    failingSince,
    disables,
  };
}

/** @returns milliseconds; null when it says nothing that can be understood */
function waitOf(retryAfter: string | null, now: Date): number | null {
  const text = retryAfter?.trim() ?? '';
  if (text === '') return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + Math.round(ms));
}
