/** Whether the system truly works, as far as whoever waits outside for a sign of it is concerned: pure. */

const MINUTE_MS = 60_000;
/** A message may wait for its chat in a storm; one that waits longer is stuck. */
const STUCK_AFTER_MS = 30 * MINUTE_MS;

/** Something that the service cannot do without. */
export interface Vital {
  readonly name: string;
  readonly ok: boolean;
}

/** How it goes with Telegram. */
export interface TelegramFacts {
  /** Since when nothing got through; null while something does. */
  readonly failingSince: Date | null;
  /** Whether people are told what there is to say on another way, which takes it. */
  readonly isReplaced: boolean;
  /** Since when the oldest message that is due has waited; null where none is due. */
  readonly waitingSince: Date | null;
}

export interface Verdict {
  readonly ok: boolean;
  /** A sentence for whoever looks at the other end. */
  readonly says: string;
}

/**
 * @param telegram null where there is no bot, or nobody knows
 * @param patienceMs how long Telegram may be away before that is said: as long as before the fallback begins
 */
export function judgeHealth(
  vital: readonly Vital[],
  telegram: TelegramFacts | null,
  now: Date,
  patienceMs: number,
): Verdict {
  const broken = vital.filter(({ ok }) => !ok).map(({ name }) => `no answer: ${name}`);
  const problems = [...broken, ...(telegram === null ? [] : problemsOf(telegram, now, patienceMs))];
  return { ok: problems.length === 0, says: problems.length === 0 ? 'Recert works' : problems.join('; ') };
}

function problemsOf(
  { failingSince, isReplaced, waitingSince }: TelegramFacts,
  now: Date,
  patienceMs: number,
): string[] {
  // The queue waits for Telegram then, and the admins know.
  if (isReplaced) return [];
  const ageOf = (since: Date | null): number => (since === null ? -1 : now.getTime() - since.getTime());
  const awayMs = ageOf(failingSince);
  const waitingMs = ageOf(waitingSince);
  return [
    ...(awayMs >= patienceMs
      ? [`Telegram is away for ${Math.floor(awayMs / MINUTE_MS)} min, and so is the fallback`]
      : []),
    ...(waitingMs >= STUCK_AFTER_MS ? [`a message waits for ${Math.floor(waitingMs / MINUTE_MS)} min`] : []),
  ];
}
