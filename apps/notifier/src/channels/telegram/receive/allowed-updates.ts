/** The kinds of updates that are wanted; Telegram keeps the others to itself. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const;
