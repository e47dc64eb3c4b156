import { OperationalError } from './errors';
import { LastKnown } from './last-known';

const away = (): Promise<never> => Promise.reject(new OperationalError('away'));
const silent = (): Promise<never> => new Promise(() => undefined);

describe('what is known of a table', () => {
  let look: jest.Mock<Promise<string | null>, [string]>;
  let facts: LastKnown<string>;

  beforeEach(() => {
    look = jest.fn(async (key) => (key === 'stranger' ? null : `${key} 1`));
    facts = new LastKnown(look);
  });
  afterEach(() => facts.stop());
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  it('is asked for each time while the database is here', async () => {
    expect(await facts.find('a')).toBe('a 1');
    look.mockResolvedValueOnce('a 2');
    expect(await facts.find('a')).toBe('a 2');
    expect(await facts.find('stranger')).toBeNull();
  });

  it('is what it was while the database is away, and is not asked for each time', async () => {
    await facts.find('a');
    await facts.find('b');
    look.mockClear().mockImplementation(away);
    expect([await facts.find('a'), await facts.find('b'), await facts.find('a')]).toEqual(['a 1', 'b 1', 'a 1']);
    expect(look).toHaveBeenCalledTimes(1);
  });

  it('is an operational error where it was never asked for, at once', async () => {
    await facts.find('a');
    look.mockImplementation(away);
    const began = performance.now();
    await expect(facts.find('new')).rejects.toThrow(OperationalError);
    await expect(facts.find('stranger')).rejects.toThrow(OperationalError);
    expect(performance.now() - began).toBeLessThan(100);
  });

  it('is not waited for when the database says nothing', async () => {
    await facts.find('a');
    look.mockImplementation(silent);
    const began = performance.now();
    expect(await facts.find('a')).toBe('a 1');
    expect(performance.now() - began).toBeLessThan(450);
  });

  it('is asked for again half a second later', async () => {
    await facts.find('a');
    look.mockImplementationOnce(away);
    await facts.find('a');
    await pause(510);
    look.mockResolvedValueOnce('a 2');
    expect(await facts.find('a')).toBe('a 2');
  });

  it('stays gone where it was taken away', async () => {
    for (const key of ['a', 'b']) await facts.find(key);
    facts.learn('a', null);
    look.mockResolvedValueOnce(null);
    expect(await facts.find('b')).toBeNull();
    look.mockImplementation(away);
    expect([await facts.find('a'), await facts.find('b')]).toEqual([null, null]);
  });

  it('is all of the table where that is followed', async () => {
    facts.follow(async () => [['a', 'a 1']]);
    await pause(0);
    look.mockImplementation(away);
    expect(await facts.find('a')).toBe('a 1');
    await expect(facts.find('b')).rejects.toThrow(OperationalError);
  });

  it('is not undone by what was read before it changed', async () => {
    let answer: (all: [string, string][]) => void = () => undefined;
    facts.follow(() => new Promise((resolve) => (answer = resolve)));
    facts.learn('a', null);
    answer([['a', 'a 1']]);
    await pause(0);
    look.mockImplementation(away);
    expect(await facts.find('a')).toBeNull();
  });

  it('hides no defect', async () => {
    await facts.find('a');
    look.mockRejectedValueOnce(new TypeError('a defect'));
    await expect(facts.find('a')).rejects.toThrow('a defect');
  });
});
