// A simulation of webhooks that wait for their turn: those of one lane one after the other, each taking processor time
// of the relay to which its lane belongs. Nothing here knows how many are needed; it only counts who waited for how long.
import { testing } from './installation.mjs';

/** Times in ms. A handling holds its lane for both, and a processor for the first. */
export const HANDLING = { processor: 2, waiting: 1.2 };

const MINUTE = 60_000;

/**
 * @param {object} load
 * @param {number} load.perSecond arrivals, at random
 * @param {number} load.senders the n-th sends a share of 1/n of what the first sends (Zipf)
 * @param {number} load.groups of each sender, its alerts falling on them alike; 1 for lanes of whole senders
 * @param {number} load.relays each with its own share of the lanes
 * @param {number} load.processors of each relay
 * @param {number} load.seed
 * @param {number} [load.ms] how long they arrive
 * @returns the waits until handled: p50 and p99 of all, p99 of the largest sender, and how many were left at the end of
 *   the arrivals, in ms and requests
 */
export function simulate({ perSecond, senders, groups, relays, processors, seed, ms = MINUTE }) {
  const random = new testing.SeededRandom(seed);
  const pick = zipf(senders, random);
  const pools = Array.from({ length: relays }, () => ({ free: processors, ready: new Queue() }));
  const lanes = new Map();
  const calendar = new Calendar();
  const [waits, waitsOfLargest] = [[], []];
  let [left, underWay] = [null, 0];

  const laneOf = (sender) => {
    const id = sender * groups + (groups === 1 ? 0 : random.between(0, groups - 1));
    if (!lanes.has(id)) lanes.set(id, { queue: new Queue(), isBusy: false, pool: pools[hash(id) % relays] });
    return lanes.get(id);
  };
  const arrive = (at) => {
    const sender = pick();
    const lane = laneOf(sender);
    lane.queue.push({ at, sender });
    underWay += 1;
    if (!lane.isBusy) queueFor(lane, at);
    const next = at - (Math.log(random.between(1, 1_000_000) / 1_000_000) * 1000) / perSecond;
    if (next < ms) calendar.add(next, arrive);
    else left = underWay;
  };
  const queueFor = (lane, at) => {
    lane.isBusy = true;
    lane.pool.ready.push(lane);
    begin(lane.pool, at);
  };
  const begin = (pool, at) => {
    if (pool.free === 0 || pool.ready.size === 0) return;
    pool.free -= 1;
    const lane = pool.ready.shift();
    calendar.add(at + HANDLING.processor, (now) => {
      pool.free += 1;
      calendar.add(now + HANDLING.waiting, (end) => finish(lane, end));
      begin(pool, now);
    });
  };
  const finish = (lane, at) => {
    const { at: came, sender } = lane.queue.shift();
    underWay -= 1;
    waits.push(at - came);
    if (sender === 0) waitsOfLargest.push(at - came);
    lane.isBusy = false;
    if (lane.queue.size > 0) queueFor(lane, at);
  };

  calendar.add(0, arrive);
  calendar.run();
  const of = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
  for (const list of [waits, waitsOfLargest]) list.sort((a, b) => a - b);
  return { p50: of(waits, 0.5), p99: of(waits, 0.99), p99OfLargest: of(waitsOfLargest, 0.99), left };
}

/** @returns draws of a sender, 0 for the largest */
function zipf(senders, random) {
  const until = [];
  for (let n = 1, sum = 0; n <= senders; n += 1) until.push((sum += 1 / n));
  const all = until[senders - 1];
  return () => {
    const at = (random.between(1, 1_000_000_000) / 1_000_000_000) * all;
    let [low, high] = [0, senders - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (until[middle] < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Neighbours far apart (Knuth's multiplicative hash). */
const hash = (id) => Math.imul(id + 1, 2_654_435_761) >>> 8;

class Queue {
  items = [];
  first = 0;

  get size() {
    return this.items.length - this.first;
  }

  push(item) {
    this.items.push(item);
  }

  shift() {
    const item = this.items[this.first];
    this.first += 1;
    if (this.first > 1_000 && this.first * 2 > this.items.length) {
      this.items = this.items.slice(this.first);
      this.first = 0;
    }
    return item;
  }
}

/** What happens next, as a binary heap. */
class Calendar {
  heap = [];

  add(at, happen) {
    const { heap } = this;
    let n = heap.push({ at, happen }) - 1;
    for (let up = (n - 1) >> 1; n > 0 && heap[up].at > heap[n].at; n = up, up = (n - 1) >> 1)
      [heap[up], heap[n]] = [heap[n], heap[up]];
  }

  run() {
    while (this.heap.length > 0) {
      const { at, happen } = this.take();
      happen(at);
    }
  }

  take() {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let n = 0; ;) {
      let least = n;
      for (const child of [2 * n + 1, 2 * n + 2])
        if (child < heap.length && heap[child].at < heap[least].at) least = child;
      if (least === n) return first;
      [heap[n], heap[least]] = [heap[least], heap[n]];
      n = least;
    }
  }
}
