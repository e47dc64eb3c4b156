import { type AlertKind, type AlertSeverity } from '@recert/contracts';

/** What a source says of one thing: `note` is worth keeping and changes nothing. */
export type SignStatus = 'firing' | 'resolved' | 'acknowledged' | 'snoozed' | 'note';

/** One thing that a source has said, in our words. Its texts are short and can be stored. */
export interface Sign {
  /** What it is about: signs of one source with the same key are about the same alert. */
  readonly key: string;
  readonly status: SignStatus;
  readonly kind: AlertKind;
  /** Null where the source does not say: what is known stays, and a new alert is a warning. */
  readonly severity: AlertSeverity | null;
  readonly title: string;
  /** A sentence or two more; null where there is nothing better than what is known. */
  readonly detail: string | null;
  readonly link: string | null;
  /** Names of what it is about, as the source calls its product or project; the first one that is known counts. */
  readonly productHints: readonly string[];
  /** When it became so; null where the source does not say. */
  readonly at: Date | null;
  /** Who did it there, such as the one it was assigned to; null for the source itself. */
  readonly by: string | null;
  /** A firing sign of something that was over or silenced at its source before it: what was quiet till then is not. */
  readonly again?: true;
  /** The body, as JSON, where we do not understand more of it than this. */
  readonly payload?: string;
}

/** What a request said, or why nobody can tell. */
export type Reading =
  { readonly ok: true; readonly signs: readonly Sign[] } | { readonly ok: false; readonly reason: string };

/** Headers as they were kept with the body, in lower case. */
export type KeptHeaders = Readonly<Record<string, string>>;

/** Understands what one source sends. Unknown fields and nulls never make it throw. */
export type ReadSigns = (headers: KeptHeaders, body: unknown, receivedAt: Date) => Reading;

export const read = (...signs: Sign[]): Reading => ({ ok: true, signs });
export const unreadable = (reason: string): Reading => ({ ok: false, reason });
