import { Measuring } from './measuring';

describe('what is measured', () => {
  let known: string[];
  const measurement = (name: string, read: () => Promise<void>) => ({
    read: async () => {
      await read();
      known.push(name);
    },
    forget: () => {
      known = known.filter((each) => each !== name);
    },
  });
  beforeEach(() => {
    known = [];
  });

  it('is read when it is asked for, and not again within five seconds', async () => {
    const measuring = new Measuring();
    let reads = 0;
    measuring.add(measurement('a', async () => void (reads += 1)));
    await Promise.all([measuring.read(0), measuring.read(1), measuring.read(4_999)]);
    expect([reads, known]).toEqual([1, ['a']]);
    await measuring.read(5_000);
    expect([reads, known]).toEqual([2, ['a']]);
  });

  it('is left out where it cannot be read, and hides nothing else', async () => {
    const measuring = new Measuring();
    let isAway = false;
    measuring.add(measurement('away', async () => (isAway ? Promise.reject(new Error('away')) : undefined)));
    measuring.add(measurement('there', async () => undefined));
    await measuring.read(0);
    expect(known.sort()).toEqual(['away', 'there']);
    isAway = true;
    await measuring.read(5_000);
    expect(known).toEqual(['there']);
  });

  it('is waited for two seconds, and left out also when it comes later', async () => {
    jest.useFakeTimers();
    const measuring = new Measuring();
    let arrive: () => void = () => undefined;
    measuring.add(measurement('late', () => new Promise((resolve) => (arrive = resolve))));
    const read = measuring.read(0);
    await jest.advanceTimersByTimeAsync(2_000);
    await read;
    arrive();
    await jest.advanceTimersByTimeAsync(1);
    expect(known).toEqual([]);
    jest.useRealTimers();
  });
});
