import { type Received } from './hook';

/** What is to be handled, in memory: of one sender, to one target of a hook, in order. */
export class Lanes {
  private readonly queues = new Map<string, Received[]>();
  /** Those whose next ones lie in the table, until that is read again. */
  private readonly left = new Set<string>();
  private count = 0;

  /** How many there are in all. */
  get held(): number {
    return this.count;
  }

  /** Those with something to handle. */
  names(): Iterable<string> {
    return this.queues.keys();
  }

  /** Behind the others of its lane, once. */
  add(received: Received): void {
    const lane = laneOf(received);
    const queue = this.queues.get(lane) ?? [];
    if (queue.some(({ id }) => id === received.id)) return;
    queue.push(received);
    this.queues.set(lane, queue);
    this.count += 1;
  }

  first(lane: string): Received | undefined {
    return this.queues.get(lane)?.[0];
  }

  /** The first one is done with. Until then it stays, so that nobody reads it from the table meanwhile. */
  next(lane: string): void {
    const queue = this.queues.get(lane)!;
    queue.shift();
    this.count -= 1;
    if (queue.length === 0) this.queues.delete(lane);
  }

  /** Those behind one that cannot be handled now wait with it, in the table: there they stand in their order. */
  leave(lane: string): void {
    this.count -= this.queues.get(lane)!.length;
    this.queues.delete(lane);
    this.left.add(lane);
  }

  wasLeft(received: Received): boolean {
    return this.left.size > 0 && this.left.has(laneOf(received));
  }

  /** The table is read again. */
  comeBack(): void {
    this.left.clear();
  }
}

function laneOf({ hook, target, sender }: Received): string {
  return `${hook} ${target ?? ''} ${sender}`;
}
