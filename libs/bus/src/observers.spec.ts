import { Observers, type Passing } from './observers';
import { attributesOf } from './test-kit/hand-delivery';
import { TestLog } from './test-kit/test-log';
import { until } from './test-kit/until';

const passing = (payload = Buffer.from('{}')): Passing => ({
  subject: 'task.seen',
  attributes: attributesOf('task.seen'),
  payload,
});

describe('those who observe the bus', () => {
  let log: TestLog;
  let observers: Observers;
  let seen = 0;
  let missed: (number | null)[] = [];
  const observer = { saw: () => void (seen += 1), missed: (count: number | null) => void missed.push(count) };

  beforeEach(() => {
    log = new TestLog();
    observers = new Observers(log);
    seen = 0;
    missed = [];
  });

  it('are told a moment later, and nothing any more once they ended it', async () => {
    const end = observers.add(observer);
    observers.saw(passing());
    expect(seen).toBe(0);
    await until('the event', () => seen === 1);
    end();
    expect(observers.some).toBe(false);
    observers.saw(passing());
    observers.passedOver(3);
    const other = { seen: 0 };
    observers.add({ saw: () => void (other.seen += 1), missed: () => undefined });
    observers.saw(passing());
    await until('the event of the other', () => other.seen === 1);
    expect([seen, missed]).toEqual([1, []]);
  });

  it.each([
    [1_000, 1_000, []],
    [1_001, 1_000, [1]],
    [10_000, 1_000, [9_000]],
  ])('see of a burst of %i events %i, and hear how many passed unseen', async (burst, told, unseen) => {
    observers.add(observer);
    for (let n = 0; n < burst; n += 1) observers.saw(passing());
    await until('all of it', () => seen + missed.reduce<number>((sum, count) => sum + (count ?? 0), 0) === burst);
    expect([seen, missed]).toEqual([told, unseen]);
  });

  it('are not told of more than 4 MB at once', async () => {
    observers.add(observer);
    const megabyte = Buffer.alloc(1024 * 1024);
    for (let n = 0; n < 5; n += 1) observers.saw(passing(megabyte));
    await until('all of it', () => missed.length > 0);
    expect([seen, missed]).toEqual([4, [1]]);
    observers.saw(passing(megabyte));
    await until('the next one', () => seen === 5);
  });

  it('hear that nobody knows how many they missed', async () => {
    observers.add(observer);
    observers.passedOver(4);
    observers.passedOver(null);
    observers.passedOver(2);
    await until('the word', () => missed.length > 0);
    expect(missed).toEqual([null]);
  });

  it('do not hurt one another when one throws', async () => {
    observers.add({
      saw: () => {
        throw new Error('cannot look');
      },
      missed: () => undefined,
    });
    observers.add(observer);
    for (let n = 0; n < 50; n += 1) observers.saw(passing());
    await until('the events', () => seen === 50);
    expect(log.lines.filter((line) => line.includes('cannot look'))).toHaveLength(1);
  });
});
