import { isOperational } from './operational-error';
import { within } from './within';

describe('an answer within a time', () => {
  it('is what comes in time, and nobody gives up', async () => {
    const giveUp = jest.fn();
    expect(await within(1_000, Promise.resolve('here'), giveUp)).toBe('here');
    await expect(within(1_000, Promise.reject(new Error('broken')), giveUp)).rejects.toThrow('broken');
    expect(giveUp).not.toHaveBeenCalled();
  });

  it('is an operational error when none comes, also where it fails afterwards', async () => {
    const giveUp = jest.fn();
    let fail: (error: Error) => void = () => undefined;
    const never = new Promise<never>((_, reject) => (fail = reject));
    const error = await within(5, never, giveUp).catch((caught: unknown) => caught);
    expect(String(error)).toBe('Error: Connection terminated: no answer within 5 ms');
    expect(isOperational(error)).toBe(true);
    expect(giveUp).toHaveBeenCalledTimes(1);
    fail(new Error('too late for anybody'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});
