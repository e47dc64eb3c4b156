import { FloodControl, type FloodLimits } from './flood-limits';

const limits: FloodLimits = { perChatMs: 1000, perGroupAndMinute: 20, perSecond: 30, toleranceMs: 0 };

const sender = (of: FloodLimits | undefined = limits) => {
  const control = new FloodControl(of);
  const send = (chatId: number, ms: number): string => {
    try {
      control.admit('sendMessage', chatId, new Date(ms));
      return 'sent';
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { control, send };
};

describe('the limits of sending', () => {
  it('let one message a second into a chat', () => {
    const { send } = sender();
    expect(send(1, 0)).toBe('sent');
    expect(send(1, 999)).toBe('Too Many Requests: retry after 1');
    expect(send(1, 1000)).toBe('sent');
    expect(send(2, 1000)).toBe('sent');
  });

  it('do not count what was refused', () => {
    const { send } = sender();
    send(1, 0);
    send(1, 900);
    expect(send(1, 1000)).toBe('sent');
  });

  it('forgive what the network shifts', () => {
    const { send } = sender({ ...limits, toleranceMs: 30 });
    send(1, 0);
    expect(send(1, 969)).toMatch('Too Many Requests');
    expect(send(1, 970)).toBe('sent');
  });

  it('let twenty messages a minute into a group, and any number into a private chat', () => {
    const { send } = sender();
    for (let n = 0; n < 20; n += 1) expect(send(-5, n * 1000)).toBe('sent');
    expect(send(-5, 20_000)).toBe('Too Many Requests: retry after 40');
    expect(send(-5, 59_999)).toBe('Too Many Requests: retry after 1');
    expect(send(-5, 60_000)).toBe('sent');
    const fresh = sender();
    for (let n = 0; n < 30; n += 1) expect(fresh.send(5, n * 1000)).toBe('sent');
  });

  it('let thirty messages a second to everybody together', () => {
    const { send } = sender();
    for (let chat = 1; chat <= 30; chat += 1) expect(send(chat, 0)).toBe('sent');
    expect(send(31, 999)).toBe('Too Many Requests: retry after 1');
    expect(send(31, 1000)).toBe('sent');
  });

  it('record every refusal with the limit that it was', () => {
    const { control, send } = sender();
    send(1, 0);
    send(1, 500);
    expect(control.floods).toEqual([
      { method: 'sendMessage', chatId: 1, limit: 'chat', at: new Date(500), retryAfter: 1 },
    ]);
  });

  it('can be switched off', () => {
    const control = new FloodControl(undefined);
    for (let n = 0; n < 100; n += 1) control.admit('sendMessage', 1, new Date(0));
    expect(control.floods).toEqual([]);
  });
});
