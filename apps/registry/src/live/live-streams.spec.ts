import { type Observer } from '@recert/bus';
import { ProcessDue, SessionChanged } from '@recert/contracts';
import { LiveStream, type Outgoing } from './live-stream';
import { LiveStreams } from './live-streams';

const AT = '2026-11-22T09:00:00.000Z';
const OPENING = 'retry: 2000\nid: 0\n\n';
const RESYNC = 'event: resync\ndata: {}\n\n';

/** A response that keeps what is written to it, and reads nothing of it when told so. */
class Page implements Outgoing {
  text = '';
  ended = false;
  destroyed = false;
  isReading = true;

  get writableLength(): number {
    return this.isReading ? 0 : Buffer.byteLength(this.text);
  }
  write(text: string): void {
    this.text += text;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

/** A bus on which the test lets events pass. */
class Bus {
  readonly observers = new Set<Observer>();
  begun: Promise<void> = Promise.resolve();

  observe(observer: Observer): { begun: Promise<void>; stop: () => Promise<void> } {
    this.observers.add(observer);
    return { begun: this.begun, stop: () => Promise.resolve(void this.observers.delete(observer)) };
  }

  due(processId: string, subject: string = ProcessDue.subject): void {
    const attributes = { id: 'e', source: 'test', type: subject, time: AT, correlationId: 'e', causationId: null };
    const payload = Buffer.from(JSON.stringify({ processId, sessionId: processId }));
    for (const observer of this.observers) observer.saw({ subject, attributes, payload });
  }

  miss(): void {
    for (const observer of this.observers) observer.missed(7);
  }
}

describe('the pages that listen for changes', () => {
  let bus: Bus;
  let streams: LiveStreams;

  beforeEach(() => {
    jest.useFakeTimers();
    bus = new Bus();
    streams = new LiveStreams(bus, new AbortController());
  });
  afterEach(() => {
    streams.onModuleDestroy();
    jest.useRealTimers();
  });

  const open = async (mayStay = () => Promise.resolve(true), isBack = false) => {
    const page = new Page();
    const stream = new LiveStream(page, mayStay);
    await streams.add(stream);
    stream.open(isBack);
    return { page, stream };
  };
  const message = (n: number, id: string): string =>
    `id: ${n}\ndata: {"subject":"process.due","id":"${id}","at":"${AT}"}\n\n`;

  it('are all told at once, but of each thing once in 250 ms', async () => {
    const [one, two] = [await open(), await open()];
    bus.due('oven');
    bus.due('dough');
    bus.due('oven');
    jest.advanceTimersByTime(0);
    const first = OPENING + message(1, 'oven') + message(2, 'dough');
    expect([one.page.text, two.page.text]).toEqual([first, first]);
    bus.due('oven');
    bus.due('oven');
    jest.advanceTimersByTime(249);
    expect(one.page.text).toBe(first);
    jest.advanceTimersByTime(1);
    expect(one.page.text).toBe(first + message(3, 'oven'));
  });

  it('are told at once of what is no change, as often as it is said', async () => {
    const { page } = await open();
    streams.say('import', { watch: 'mine', done: 500 });
    streams.say('import', { watch: 'mine', done: 1000 });
    const word = (done: number): string => `event: import\ndata: {"watch":"mine","done":${done}}\n\n`;
    expect(page.text).toBe(OPENING + word(500) + word(1000));
  });

  it('hear nothing of sessions', async () => {
    const { page } = await open();
    bus.due('6f1d2a9be04c', SessionChanged.subject);
    jest.advanceTimersByTime(1_000);
    expect(page.text).toBe(OPENING);
  });

  it.each([
    [200, false],
    [201, true],
  ])('are told of %i changes at once each by each, or to fetch everything: %s', async (count, isResync) => {
    const { page } = await open();
    for (let n = 0; n < count; n += 1) bus.due(`p${n}`);
    jest.advanceTimersByTime(250);
    expect(page.text === OPENING + RESYNC).toBe(isResync);
    expect(page.text.includes('"p199"')).toBe(!isResync);
    bus.due('after');
    jest.advanceTimersByTime(250);
    expect(page.text).toContain('"after"');
  });

  it('are told to fetch everything when something passed unseen, and when they come back', async () => {
    const [stayed, back] = [await open(), await open(undefined, true)];
    expect(back.page.text).toBe(OPENING + RESYNC);
    bus.miss();
    jest.advanceTimersByTime(250);
    expect(stayed.page.text).toBe(OPENING + RESYNC);
  });

  it('hear a comment every 20 s', async () => {
    const { page } = await open();
    jest.advanceTimersByTime(19_999);
    expect(page.text).toBe(OPENING);
    jest.advanceTimersByTime(1);
    expect(page.text).toBe(`${OPENING}:\n\n`);
    jest.advanceTimersByTime(20_000);
    expect(page.text).toBe(`${OPENING}:\n\n:\n\n`);
  });

  it('are looked up again every minute, and sent away when they may not be here any more', async () => {
    let may = true;
    const { page } = await open(() => Promise.resolve(may));
    const unknown = await open(() => Promise.reject(new Error('the database is away')));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(page.ended).toBe(false);
    may = false;
    await jest.advanceTimersByTimeAsync(59_999);
    expect(page.ended).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect([page.ended, unknown.page.ended, streams.count]).toEqual([true, false, 1]);
  });

  it('are cut off when they leave more than 64 KB unread', async () => {
    const { page } = await open();
    const { page: other } = await open();
    page.isReading = false;
    let fits = '';
    for (let n = 0; !page.destroyed; n += 1) {
      fits = page.text;
      bus.due(`p${n}`);
      jest.advanceTimersByTime(250);
    }
    expect(Buffer.byteLength(fits)).toBeLessThanOrEqual(64 * 1024);
    expect(Buffer.byteLength(page.text)).toBeGreaterThan(64 * 1024);
    expect([streams.count, other.destroyed]).toEqual([1, false]);
  });

  it('are 200 at most, then 503', async () => {
    const opened = [];
    for (let n = 0; n < 200; n += 1) opened.push(await open());
    await expect(open()).rejects.toMatchObject({ status: 503 });
    streams.remove(opened[0]!.stream);
    await open();
    expect(streams.count).toBe(200);
  });

  it('observe the bus only while there is one of them', async () => {
    expect(bus.observers.size).toBe(0);
    const [one, two] = [await open(), await open()];
    expect(bus.observers.size).toBe(1);
    streams.remove(one.stream);
    expect(bus.observers.size).toBe(1);
    bus.due('oven');
    streams.remove(two.stream);
    expect([bus.observers.size, jest.getTimerCount()]).toEqual([0, 0]);
    const { page } = await open();
    jest.advanceTimersByTime(1_000);
    expect([bus.observers.size, page.text]).toEqual([1, OPENING]);
  });

  it('open after a second although the bus is away, and fetch everything when it is back', async () => {
    let come: () => void = () => undefined;
    bus.begun = new Promise((resolve) => (come = resolve));
    const opening = open();
    await jest.advanceTimersByTimeAsync(1_000);
    const { page } = await opening;
    expect(page.text).toBe(OPENING);
    come();
    await jest.advanceTimersByTimeAsync(0);
    expect(page.text).toBe(OPENING + RESYNC);
  });

  it('are ended with the process, which takes no more of them', async () => {
    const { page } = await open();
    streams.onModuleDestroy();
    expect([page.ended, bus.observers.size]).toEqual([true, 0]);
    await expect(open()).rejects.toMatchObject({ status: 503 });
  });
});
