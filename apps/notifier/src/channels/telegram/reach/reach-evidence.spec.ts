import { MovableClock } from '@recert/testing';
import { BotApiError, failureOf } from '../bot-api-error';
import { ReachEvidence } from './reach-evidence';

const clock = new MovableClock('2026-11-30T09:00:00.000Z');
const refused = (code: number, description: string, parameters = {}): BotApiError =>
  new BotApiError(failureOf({ code, description, parameters }), description);

describe('what a call shows of Telegram', () => {
  it.each([
    ['it is taken', null, 'through'],
    ['it is too fast', refused(429, 'Too Many Requests', { retry_after: 30 }), 'through'],
    ['the chat has blocked the bot', refused(403, 'Forbidden: bot was blocked by the user'), 'through'],
    ['there is no such chat', refused(400, 'Bad Request: chat not found'), 'through'],
    ['its words are refused', refused(400, 'Bad Request: message is too long'), 'through'],
    ['another one polls', refused(409, 'Conflict: terminated by other getUpdates request'), 'through'],
    ['the token was revoked', refused(401, 'Unauthorized'), 'failed'],
    ['Telegram is broken', refused(502, 'Bad Gateway'), 'failed'],
    ['nobody answers', new BotApiError({ kind: 'away' }, 'sendMessage: no answer in time'), 'failed'],
  ] as const)('where %s', (_, error, outcome) => {
    const evidence = new ReachEvidence(clock);
    evidence.note('sendMessage', error);
    expect(evidence.take()).toEqual([{ what: 'message', outcome, at: clock.now() }]);
  });

  it('is kept apart for what brings people something, and said once until it changes', () => {
    const evidence = new ReachEvidence(clock);
    const gone = refused(500, 'x');
    for (const method of ['sendPhoto', 'editMessageText', 'getUpdates', 'answerCallbackQuery']) {
      evidence.note(method, gone);
    }
    evidence.note('editMessageMedia', null);
    const seen = evidence.take().map(({ what, outcome }) => `${what} ${outcome}`);
    expect(seen).toEqual(['message failed', 'call failed', 'message through']);
    expect(evidence.take()).toEqual([]);
    expect(evidence.calledAt).toBeNull();
    evidence.note('getUpdates', null);
    expect(evidence.calledAt).toEqual(clock.now());
  });
});
