/** What the Bot API refused, and what follows from it. */
export type BotApiFailure =
  /** Too fast: nothing may be said there for so long. */
  | { readonly kind: 'flood'; readonly waitMs: number }
  /** Nothing arrives in this chat any more. */
  | { readonly kind: 'gone'; readonly reason: string }
  /** The group has another id now. */
  | { readonly kind: 'moved'; readonly chatId: number }
  /** The topic of the group is not there any more. */
  | { readonly kind: 'topic-gone' }
  /** An edit that would change nothing. */
  | { readonly kind: 'unchanged' }
  /** The message to edit is not there, or can be edited no longer. */
  | { readonly kind: 'message-gone' }
  /** Telegram does not take a link of a button. */
  | { readonly kind: 'bad-link' }
  /** Another poller, or a webhook, takes the updates. */
  | { readonly kind: 'conflict'; readonly webhook: boolean }
  /** The token is no bot's. */
  | { readonly kind: 'unauthorized' }
  /** The request itself is wrong: trying again does not help. */
  | { readonly kind: 'refused' }
  /** Telegram is away, or the answer was lost: what was asked may have been done or not. */
  | { readonly kind: 'away' };

/** An error of the Bot API or on the way to it. The message never holds the token. */
export class BotApiError extends Error {
  override readonly name = 'BotApiError';

  constructor(
    readonly failure: BotApiFailure,
    message: string,
  ) {
    super(message);
  }
}

interface Refusal {
  readonly code: number;
  readonly description: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number } | undefined;
}

const GONE: readonly (readonly [RegExp, string])[] = [
  [/blocked by the user/i, 'blocked'],
  [/deactivated/i, 'deactivated'],
  [/kicked/i, 'kicked'],
];

/** What an answer of the Bot API that is not ok means. */
export function failureOf({ code, description, parameters }: Refusal): BotApiFailure {
  if (code === 429) return { kind: 'flood', waitMs: (parameters?.retry_after ?? 1) * 1000 };
  if (code >= 500) return { kind: 'away' };
  if (code === 401 || code === 404) return { kind: 'unauthorized' };
  if (code === 409) return { kind: 'conflict', webhook: /webhook is active/i.test(description) };
  const moved = parameters?.migrate_to_chat_id;
  if (moved !== undefined) return { kind: 'moved', chatId: moved };
  if (code === 403) {
    return {
      kind: 'gone',
      reason: GONE.find(([pattern]) => pattern.test(description))?.[1] ?? withoutPrefix(description),
    };
  }
  if (/chat not found|user not found|peer_id_invalid/i.test(description)) {
    return { kind: 'gone', reason: 'chat not found' };
  }
  if (/message thread not found|topic_(deleted|closed|id_invalid)/i.test(description)) return { kind: 'topic-gone' };
  if (/message is not modified/i.test(description)) return { kind: 'unchanged' };
  if (/message to edit not found|message can't be edited|message_id_invalid/i.test(description)) {
    return { kind: 'message-gone' };
  }
  return /button.*url|button_url_invalid/i.test(description) ? { kind: 'bad-link' } : { kind: 'refused' };
}

/** The text without anything that looks like a bot's token, in an address or alone; ports stay. */
export function withoutToken(text: string): string {
  return text.replace(/(\d{1,20}):([A-Za-z0-9_-]{4,})/g, (found, id: string, secret: string) =>
    /^\d{1,5}$/.test(secret) ? found : `${id}:***`,
  );
}

function withoutPrefix(description: string): string {
  return description.replace(/^Forbidden: /, '');
}
