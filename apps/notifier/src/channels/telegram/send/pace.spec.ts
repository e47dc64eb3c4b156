import { Pace } from './pace';

/** A call that was answered at this time. */
const call = (pace: Pace, chatId: number, answeredAt: number): void => pace.end(pace.begin(chatId), answeredAt);

describe('the pace of a chat', () => {
  it('is one call a second, counted from its answer', () => {
    const pace = new Pace();
    call(pace, 1, 300);
    expect(pace.busy(1299)).toEqual([1]);
    expect(pace.nextChange(1299)).toBe(1300);
    expect(pace.busy(1300)).toEqual([]);
    expect(pace.nextChange(1300)).toBeNull();
  });

  it('is one call at a time, however long it takes', () => {
    const pace = new Pace();
    const open = pace.begin(1);
    expect(pace.busy(90_000)).toEqual([1]);
    expect(pace.nextChange(90_000)).toBeNull();
    pace.end(open, 90_000);
    expect(pace.nextChange(90_000)).toBe(91_000);
  });

  it('does not hold other chats up', () => {
    const pace = new Pace();
    pace.begin(1);
    expect(pace.busy(0)).not.toContain(2);
    expect(pace.free(0)).toBe(29);
  });
});

describe('the pace of a group', () => {
  it('is twenty calls a minute besides', () => {
    const pace = new Pace();
    for (let n = 0; n < 20; n += 1) call(pace, -5, n * 1000);
    expect(pace.busy(59_999)).toEqual([-5]);
    expect(pace.nextChange(30_000)).toBe(60_000);
    expect(pace.busy(60_000)).toEqual([]);
  });

  it('is not that of a private chat', () => {
    const pace = new Pace();
    for (let n = 0; n < 30; n += 1) call(pace, 5, n * 1000);
    expect(pace.busy(30_000)).toEqual([]);
  });
});

describe('the pace of all', () => {
  it('is thirty calls a second, those under way among them', () => {
    const pace = new Pace();
    for (let chat = 1; chat <= 29; chat += 1) call(pace, chat, 100);
    expect(pace.free(100)).toBe(1);
    pace.begin(30);
    expect(pace.free(100)).toBe(0);
    expect(pace.nextChange(100)).toBe(1100);
    expect(pace.free(1099)).toBe(0);
    expect(pace.free(1100)).toBe(29);
  });
});

describe('silence', () => {
  it('is kept in the chat that was told to wait, to the millisecond', () => {
    const pace = new Pace();
    expect(pace.pause(1, 3000, 500)).toBe(1);
    expect(pace.busy(3499)).toEqual([1]);
    expect(pace.busy(3500)).toEqual([]);
    expect(pace.free(600)).toBe(30);
  });

  it('is kept everywhere when another chat is told the same within a second', () => {
    const pace = new Pace();
    pace.pause(1, 3000, 0);
    expect(pace.pause(2, 5000, 999)).toBeNull();
    expect(pace.free(5998)).toBe(0);
    expect(pace.free(5999)).toBe(30);
  });

  it('is not kept everywhere when something got through between', () => {
    const pace = new Pace();
    pace.pause(1, 3000, 0);
    pace.gotThrough();
    expect(pace.pause(2, 3000, 100)).toBe(2);
    expect(pace.free(200)).toBe(30);
  });

  it('is not kept everywhere when it happens later, or to the same chat', () => {
    const pace = new Pace();
    pace.pause(1, 3000, 0);
    expect(pace.pause(1, 3000, 100)).toBe(1);
    expect(pace.pause(2, 3000, 1100)).toBe(2);
  });

  it('is never made shorter', () => {
    const pace = new Pace();
    pace.pauseChat(1, 5000);
    pace.pauseChat(1, 2000);
    expect(pace.busy(4999)).toEqual([1]);
  });
});

describe('what threads say in a chat', () => {
  const said = (pace: Pace, kind: 'new' | 'edit', times: number, at = 0): void => {
    for (let n = 0; n < times; n += 1) pace.end(pace.begin(1, kind), at + n);
  };

  it('leaves room for 9 new messages in a minute before numbers may go on', () => {
    const pace = new Pace();
    said(pace, 'edit', 10);
    expect(pace.crowded(2000)).toEqual([]);
    said(pace, 'edit', 1, 10);
    expect(pace.crowded(2000)).toEqual([1]);
  });

  it('lets numbers have what new messages have not used, up to 20 in all', () => {
    const pace = new Pace();
    said(pace, 'new', 9);
    said(pace, 'edit', 10, 9);
    expect(pace.crowded(2000)).toEqual([]);
    said(pace, 'edit', 1, 19);
    expect(pace.crowded(2000)).toEqual([1]);
    expect(pace.full(2000)).toEqual([1]);
  });

  it('is counted for a minute, in private chats too', () => {
    const pace = new Pace();
    said(pace, 'edit', 11);
    expect(pace.crowded(59_999)).toEqual([1]);
    expect(pace.full(59_999)).toEqual([]);
    expect(pace.nextChange(59_999)).toBe(60_000);
    expect(pace.crowded(60_000)).toEqual([]);
  });

  it('does not hold up anything else', () => {
    const pace = new Pace();
    said(pace, 'edit', 12);
    for (let n = 0; n < 30; n += 1) pace.end(pace.begin(2), n);
    expect(pace.busy(2000)).toEqual([]);
    expect(pace.crowded(2000)).toEqual([1]);
  });
});
