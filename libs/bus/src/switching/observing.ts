import { type Observer } from '../observers';
import { type BusLog, type Running, type Transport } from '../transport';
import { type Carriers } from './carriers';
import { insist } from './taking';

/** What somebody who observes holds on to. */
export interface Observation extends Running {
  /** Resolves when whatever passes from now on is seen. While the transport is away that may be long. */
  readonly begun: Promise<void>;
}

/** Lets observers see what passes on every transport that is open, and go on when the bus is switched. */
export class Observing {
  private over = false;

  constructor(
    private readonly carriers: Carriers,
    private readonly log: BusLog,
  ) {}

  add(observer: Observer): Observation {
    let stopped = false;
    const isOver = (): boolean => stopped || this.over;
    const begun: Promise<Running | null>[] = [];
    const unlisten = this.carriers.onOpened((transport) => void begun.push(this.begin(transport, observer, isOver)));
    return {
      begun: Promise.all(begun).then(() => undefined),
      stop: async () => {
        stopped = true;
        unlisten();
        await Promise.all(begun.map(async (each) => (await each)?.stop()));
      },
    };
  }

  end(): void {
    this.over = true;
  }

  private begin(transport: Transport, observer: Observer, isOver: () => boolean): Promise<Running | null> {
    // One that was closed since, when the bus was switched away from it, never becomes ready.
    const isPointless = (): boolean => isOver() || ![...this.carriers.all.values()].includes(transport);
    return insist('observe', {}, isPointless, transport, this.log, () => transport.observe(observer));
  }
}
