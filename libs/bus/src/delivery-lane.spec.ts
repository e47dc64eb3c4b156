import { DeliveryLane, type Taken } from './delivery-lane';
import { type Incoming } from './transport';

interface Job extends Taken {
  readonly n: number;
}

describe('a lane of deliveries', () => {
  let begun: number[];
  let givenBack: number[];
  let finish: Map<number, () => void>;
  let rooms: number;

  beforeEach(() => {
    begun = [];
    givenBack = [];
    finish = new Map();
    rooms = 0;
  });

  const job = (n: number): Job => ({
    n,
    incoming: { position: String(n) } as Incoming,
    giveBack: () => void givenBack.push(n),
  });
  function lane(concurrency: number): DeliveryLane<Job> {
    const receive = (incoming: Incoming): Promise<void> => {
      const n = Number(incoming.position);
      begun.push(n);
      return new Promise((resolve) => finish.set(n, resolve));
    };
    return new DeliveryLane<Job>({ durable: 'a.b', subject: 's', concurrency, receive }, () => (rooms += 1));
  }
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('begins as many as may be in hand, in order, and the next as one ends', async () => {
    const two = lane(2);
    for (const n of [1, 2, 3, 4]) two.take(job(n));
    expect(begun).toEqual([1, 2]);
    finish.get(2)!();
    await turn();
    expect(begun).toEqual([1, 2, 3]);
    expect(two.held.map((held) => held.n).sort()).toEqual([1, 3, 4]);
  });

  it('has room for eight for each that may be in hand, and says when half of it is free', async () => {
    const one = lane(1);
    expect([one.capacity, one.free]).toEqual([8, 8]);
    for (let n = 1; n <= 8; n += 1) one.take(job(n));
    expect(one.free).toBe(0);
    for (let n = 1; n <= 3; n += 1) {
      finish.get(n)!();
      await turn();
    }
    expect([one.free, rooms]).toEqual([3, 0]);
    finish.get(4)!();
    await turn();
    expect([one.free, rooms]).toEqual([4, 1]);
  });

  it('gives back on stopping what it has not begun, and waits for the rest', async () => {
    const one = lane(1);
    for (const n of [1, 2, 3]) one.take(job(n));
    let stopped = false;
    const stopping = one.stop().then(() => (stopped = true));
    await turn();
    expect([begun, givenBack, one.free, stopped]).toEqual([[1], [2, 3], 0, false]);
    finish.get(1)!();
    await stopping;
    expect(begun).toEqual([1]);
    one.take(job(4));
    expect([begun, givenBack]).toEqual([[1], [2, 3, 4]]);
  });

  it('gives back what comes while the source is cut off only when that is done', async () => {
    const one = lane(1);
    one.take(job(1));
    one.take(job(2));
    let cut: () => void = () => undefined;
    const stopping = one.stop(() => new Promise((resolve) => (cut = resolve)));
    one.take(job(3));
    finish.get(1)!();
    await turn();
    expect([begun, givenBack]).toEqual([[1], []]);
    cut();
    await stopping;
    expect(givenBack).toEqual([2, 3]);
  });
});
