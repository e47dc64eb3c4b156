import { type Button, type Entity, type Message } from './rich-text';

/** Who goes first when several things wait to be said in one chat. */
export const Priority = { outcome: 10, reply: 20, askedFor: 30, notice: 40, again: 50 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

/** A message to be sent. */
export interface NewDelivery {
  readonly recipient: string | null;
  readonly chatId: number;
  readonly priority: Priority;
  readonly message: Message;
  readonly question: number | null;
  /** The same thing is not said twice: a second delivery with the key of another is none. */
  readonly dedupeKey: string | null;
}

/** A delivery in the hands of its sender. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly kind: 'send' | 'edit';
  readonly recipient: string | null;
  readonly chatId: number;
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly buttons: readonly (readonly Button[])[];
  readonly question: number | null;
  /** Of an edit, the message to edit. */
  readonly messageId: number | null;
  readonly attempts: number;
}

/** How many of each kind may be taken now. */
export interface ClaimLimits {
  readonly sends: number;
  readonly edits: number;
  readonly total: number;
}

/** What was taken, and how many milliseconds from now the next one that was put off may be tried again, if there is one. */
export interface Claim {
  readonly claimed: readonly ClaimedDelivery[];
  readonly nextMs: number | null;
}
