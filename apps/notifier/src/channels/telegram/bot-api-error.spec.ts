import { failureOf, withoutToken } from './bot-api-error';

describe('what the Bot API answers', () => {
  it.each([
    [429, 'Too Many Requests: retry after 35', { retry_after: 35 }, { kind: 'flood', waitMs: 35_000 }],
    [403, 'Forbidden: bot was blocked by the user', undefined, { kind: 'gone', reason: 'blocked' }],
    [403, 'Forbidden: user is deactivated', undefined, { kind: 'gone', reason: 'deactivated' }],
    [403, 'Forbidden: bot was kicked from the supergroup chat', undefined, { kind: 'gone', reason: 'kicked' }],
    [
      403,
      "Forbidden: bot can't initiate conversation with a user",
      undefined,
      { kind: 'gone', reason: "bot can't initiate conversation with a user" },
    ],
    [400, 'Bad Request: chat not found', undefined, { kind: 'gone', reason: 'chat not found' }],
    [
      400,
      'Bad Request: group chat was upgraded to a supergroup chat',
      { migrate_to_chat_id: -1001234567890 },
      { kind: 'moved', chatId: -1001234567890 },
    ],
    [400, 'Bad Request: message is not modified: specified new message content', undefined, { kind: 'unchanged' }],
    [400, 'Bad Request: message thread not found', undefined, { kind: 'topic-gone' }],
    [400, 'Bad Request: message to edit not found', undefined, { kind: 'message-gone' }],
    [400, "Bad Request: message can't be edited", undefined, { kind: 'message-gone' }],
    [
      400,
      "Bad Request: inline keyboard button URL 'http://x/' is invalid: Wrong HTTP URL",
      undefined,
      { kind: 'bad-link' },
    ],
    [400, 'Bad Request: message is too long', undefined, { kind: 'refused' }],
    [401, 'Unauthorized', undefined, { kind: 'unauthorized' }],
    [404, 'Not Found', undefined, { kind: 'unauthorized' }],
    [
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      undefined,
      { kind: 'conflict', webhook: true },
    ],
    [409, 'Conflict: terminated by other getUpdates request', undefined, { kind: 'conflict', webhook: false }],
    [500, 'Internal Server Error', undefined, { kind: 'away' }],
    [502, 'Bad Gateway', undefined, { kind: 'away' }],
  ])('%i %s', (code, description, parameters, failure) => {
    expect(failureOf({ code, description, parameters })).toEqual(failure);
  });
});

describe('a text without tokens', () => {
  const token = '7000000001:AAF-abcdefghijklmnopqrstuvwxyz_12345';

  it('has none, wherever it stood', () => {
    const text = `request to https://api.telegram.org/bot${token}/getMe failed; token ${token}`;
    expect(withoutToken(text)).not.toContain('AAF-');
    expect(withoutToken(text)).toContain('https://api.telegram.org/bot7000000001:***/getMe failed');
  });

  it('keeps what only looks a little like one', () => {
    expect(withoutToken('connect ECONNREFUSED 127.0.0.1:33445')).toBe('connect ECONNREFUSED 127.0.0.1:33445');
    expect(withoutToken('at 2026-11-21T09:12:00.000Z')).toBe('at 2026-11-21T09:12:00.000Z');
  });
});
