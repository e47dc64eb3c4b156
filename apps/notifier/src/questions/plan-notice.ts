/** Which of a person's waiting questions go out now, and when to look again. */
import { nextNoticeAt, type AskHours } from '@recert/recertification';
import { type Notice } from '../people/person';
import { isAskedFor, type Place, type Question } from './question';

/** How long a digest waits after its first question, so that processes of the same moment are in it. */
export const GATHER_MS = 1000;

export interface NoticeSituation {
  /** The open questions of the person, oldest first. */
  readonly open: readonly Question[];
  readonly notice: Notice;
  readonly hours: AskHours;
  readonly zone: string;
  /** The organisation's time. */
  readonly now: Date;
  /** The machine's time: gathering is about machines, not about days. */
  readonly machineNow: Date;
  /** The person has just come: what waits goes out whatever the hours say. */
  readonly isHere?: boolean;
}

export interface NoticePlan {
  /** Numbers of the questions to send now, in this order. */
  readonly send: readonly number[];
  /** Places of the questions in a digest that begins now. */
  readonly places: readonly (Place & { readonly number: number })[];
  readonly notice: Notice;
}

/**
 * What was asked for goes at once. The rest obeys the hours and comes as a digest: one question, then the next as each
 * is answered.
 */
export function planNotice(situation: NoticeSituation): NoticePlan {
  const { open, notice } = situation;
  const waiting = open.filter((question) => question.state === 'waiting');
  const atOnce = waiting.filter((question) => isAskedFor(question)).map((question) => question.number);
  const unasked = waiting.filter((question) => !isAskedFor(question));
  const outstanding = open.some(
    (question) => question.state !== 'waiting' && isOf(question, notice.digest) && !isAskedFor(question),
  );
  const next = outstanding ? undefined : nextOfDigest(unasked, notice.digest);
  if (next !== undefined) atOnce.push(next.number);
  const isFresh = unasked.some((question) => !isOf(question, notice.digest));
  if (!isFresh) return { send: atOnce, places: [], notice: { ...notice, nextAt: null, gatherUntil: null } };
  const planned = planDigest(situation, unasked, outstanding || next !== undefined);
  return { ...planned, send: [...atOnce, ...planned.send] };
}

/** A digest of all that waits, if its time has come; else when to look again. */
function planDigest(situation: NoticeSituation, waiting: readonly Question[], outstanding: boolean): NoticePlan {
  const { notice, hours, zone, now, machineNow } = situation;
  if (situation.isHere !== true) {
    const at = nextNoticeAt({ now, zone, hours, lastNoticeAt: notice.lastAt, outstanding });
    if (at > now) return { send: [], places: [], notice: { ...notice, nextAt: at, gatherUntil: null } };
    if (notice.gatherUntil === null || notice.gatherUntil > machineNow) {
      const gatherUntil = notice.gatherUntil ?? new Date(machineNow.getTime() + GATHER_MS);
      const nextAt = notice.nextAt !== null && notice.nextAt <= now ? notice.nextAt : now;
      return { send: [], places: [], notice: { ...notice, nextAt, gatherUntil } };
    }
  }
  const digest = notice.digest + 1;
  const inOrder = [...waiting].sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.number - b.number);
  const places = inOrder.map(({ number }, i) => ({ number, digest, place: i + 1, total: waiting.length }));
  const first = inOrder.slice(0, 1).map((question) => question.number);
  return { send: first, places, notice: { digest, lastAt: now, nextAt: null, gatherUntil: null } };
}

function nextOfDigest(waiting: readonly Question[], digest: number): Question | undefined {
  return waiting
    .filter((question) => isOf(question, digest))
    .reduce<Question | undefined>((a, b) => (a && placeOf(a) <= placeOf(b) ? a : b), undefined);
}

function isOf(question: Question, digest: number): boolean {
  return question.place?.digest === digest;
}

function placeOf(question: Question): number {
  return question.place?.place ?? 0;
}
