import { type Button, type Entity, type Message } from './rich-text';

/** Who goes first when several things wait to be said in one chat. */
export const Priority = {
  /** What somebody has just tapped or written is answered before anything else. */
  ...{ outcome: 10, reply: 20 },
  critical: 25,
  ...{ askedFor: 30, notice: 40 },
  warning: 45,
  again: 50,
  kpi: 55,
  info: 60,
  /** What only brings a number up to date: it leaves room for the others, and never uses up what a chat allows. */
  count: 70,
} as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

/** A message to be sent. */
export interface NewDelivery {
  readonly recipient: string | null;
  readonly chatId: number;
  readonly priority: Priority;
  readonly message: Message;
  readonly question: number | null;
  /** The topic of a forum in which it is said. */
  readonly topicId?: number | null;
  /** The same thing is not said twice: a second delivery with the key of another is none. */
  readonly dedupeKey: string | null;
}

/** A delivery in the hands of its sender. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly kind: 'send' | 'edit' | 'photo';
  readonly recipient: string | null;
  readonly chatId: number;
  /** The topic of a forum in which it is said; null where there is none. */
  readonly topicId: number | null;
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly buttons: readonly (readonly Button[])[];
  readonly question: number | null;
  /** Of an edit, the message to edit. */
  readonly messageId: number | null;
  /** What it speaks of; null for questions and replies. */
  readonly thread: string | null;
  /** Of a photo, its bytes; of an edit of one, those that take their place, null where only the words change. */
  readonly photo: Buffer | null;
  /** Of an edit, whether it is of what stands under a photo. */
  readonly isCaption: boolean;
  readonly attempts: number;
  /** The run that it is a step of, and the event that it followed from; null where that is not known. */
  readonly runId: string | null;
  readonly causeId: string | null;
}

/** What may be taken now. */
export interface ClaimLimits {
  /** Chats that must not be spoken to. */
  readonly busy: readonly number[];
  /** Chats in which numbers have to wait: `Priority.count`. */
  readonly crowded: readonly number[];
  /** Chats in which threads have to wait, but for what is more urgent than `Priority.warning`. */
  readonly full: readonly number[];
  readonly sends: number;
  readonly edits: number;
  readonly total: number;
}

/** What was taken, and how many milliseconds from now the next one that was put off may be tried again, if there is one. */
export interface Claim {
  readonly claimed: readonly ClaimedDelivery[];
  readonly nextMs: number | null;
}
