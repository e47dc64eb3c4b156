/** What the Bot API answers instead of a result; the texts are Telegram's own, to the letter. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly parameters?: { retry_after?: number; migrate_to_chat_id?: number },
  ) {
    super(description);
  }

  toBody(): { ok: false; error_code: number; description: string; parameters?: object } {
    const { code, description, parameters } = this;
    return { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) };
  }
}

export const badRequest = (text: string): ApiError => new ApiError(400, `Bad Request: ${text}`);
export const forbidden = (text: string): ApiError => new ApiError(403, `Forbidden: ${text}`);
export const conflict = (text: string): ApiError => new ApiError(409, `Conflict: ${text}`);
export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized');
export const notFound = (text?: string): ApiError => new ApiError(404, text ? `Not Found: ${text}` : 'Not Found');

export const tooManyRequests = (seconds: number): ApiError =>
  new ApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });

export const migrated = (toChatId: number): ApiError =>
  new ApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: toChatId });

export const pollerReplaced = (): ApiError =>
  conflict('terminated by other getUpdates request; make sure that only one bot instance is running');

export const webhookIsActive = (): ApiError =>
  conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");

export const queryTooOld = (): ApiError =>
  badRequest('query is too old and response timeout expired or query ID is invalid');

export const notModified = (): ApiError =>
  badRequest(
    'message is not modified: specified new message content and reply markup are exactly the same as a current ' +
      'content and reply markup of the message',
  );
