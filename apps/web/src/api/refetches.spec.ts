import { Refetches } from './refetches';

describe('queries of which changes are told', () => {
  let fetched: string[];
  let refetches: Refetches;

  beforeEach(() => {
    jest.useFakeTimers();
    fetched = [];
    refetches = new Refetches((name) => void fetched.push(name));
  });
  afterEach(() => jest.useRealTimers());

  it('are fetched once for a burst', () => {
    for (let n = 0; n < 100; n += 1) refetches.touch(['tasks', 'processes']);
    jest.advanceTimersByTime(199);
    expect(fetched).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(fetched).toEqual(['tasks', 'processes']);
    jest.advanceTimersByTime(60_000);
    expect(fetched).toHaveLength(2);
  });

  it('are fetched again for the next one', () => {
    refetches.touch(['tasks']);
    jest.advanceTimersByTime(200);
    refetches.touch(['tasks']);
    jest.advanceTimersByTime(200);
    expect(fetched).toEqual(['tasks', 'tasks']);
  });

  it('are fetched twice more where what follows is not told, counted from the last change', () => {
    refetches.touch(['messages']);
    jest.advanceTimersByTime(1_000);
    refetches.touch(['messages']);
    jest.advanceTimersByTime(200 + 1_499);
    expect(fetched).toHaveLength(2);
    jest.advanceTimersByTime(1);
    expect(fetched).toHaveLength(3);
    jest.advanceTimersByTime(4_500);
    expect(fetched).toHaveLength(4);
    jest.advanceTimersByTime(60_000);
    expect(fetched).toHaveLength(4);
  });

  it('are left alone when nobody looks any more', () => {
    refetches.touch(['messages']);
    jest.advanceTimersByTime(200);
    refetches.touch(['tasks']);
    refetches.stop();
    jest.advanceTimersByTime(60_000);
    expect(fetched).toEqual(['messages']);
  });
});
