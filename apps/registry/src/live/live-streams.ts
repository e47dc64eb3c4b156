import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventServer, type Observation, type Passing } from '@recert/bus';
import { Leaving, UserError } from '@recert/service-kit';
import { messageOf, wordOf } from './event-stream';
import { type LiveStream } from './live-stream';
import { shownChange, type ShownChange } from './shown-change';

const MOST_STREAMS = 200;
const COALESCE_MS = 250;
/** More than these at once are one word to fetch everything anew. */
const MOST_CHANGES = 200;
const HEARTBEAT_MS = 20_000;
const CHECK_MS = 60_000;
/** A bus that is away must not keep a page waiting. */
const BEGIN_MS = 1_000;

/** Tells all the browsers of this process what changes. The bus is observed while there is one. */
@Injectable()
export class LiveStreams implements OnModuleDestroy {
  private readonly streams = new Set<LiveStream>();
  private changes = new Map<string, ShownChange>();
  private isTooMuch = false;
  private flushing: NodeJS.Timeout | null = null;
  private flushedAt = -Infinity;
  private observation: Observation | null = null;
  private timers: NodeJS.Timeout[] = [];
  private told = 0;
  private isClosed = false;

  constructor(
    @Inject(EventServer) private readonly bus: Pick<EventServer, 'observe'>,
    @Inject(Leaving) leaving: Pick<Leaving, 'signal'>,
  ) {
    leaving.signal.addEventListener('abort', () => this.onModuleDestroy());
  }

  /** How many there are. */
  get count(): number {
    return this.streams.size;
  }

  /**
   * Resolves when the stream may be opened, so that it hears of whatever changes from then on.
   * @throws UserError 503 when there are too many, or the process is being stopped
   */
  async add(stream: LiveStream): Promise<void> {
    if (this.isClosed || this.streams.size >= MOST_STREAMS)
      throw new UserError(503, 'Too many pages listen for changes at present: try again later.');
    this.streams.add(stream);
    await this.begun(stream);
    if (this.isClosed) throw new UserError(503, 'This process is being stopped: try again in a moment.');
  }

  remove(stream: LiveStream): void {
    stream.end();
    this.streams.delete(stream);
    if (this.streams.size === 0) this.rest();
  }

  /** Says something to the pages of this process, at once: how long work goes on, and nothing that anybody must hear. */
  say(name: string, data: object): void {
    this.each((stream) => stream.send(wordOf(name, data)));
  }

  beat(): void {
    this.each((stream) => stream.beat());
  }

  /** Ends the streams of those who may not be here any more. Who cannot be looked up now is looked up the next time. */
  async check(): Promise<void> {
    for (const stream of [...this.streams]) {
      const mayStay = await stream.mayStay().catch(() => true);
      if (!mayStay) this.remove(stream);
    }
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    for (const stream of [...this.streams]) this.remove(stream);
  }

  private async begun(stream: LiveStream): Promise<void> {
    const { begun } = this.observe();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<true>((resolve) => {
      timer = setTimeout(() => resolve(true), BEGIN_MS);
    });
    const isLate = await Promise.race([begun, late]);
    clearTimeout(timer);
    if (isLate === true) void begun.then(() => stream.resync());
  }

  private observe(): Observation {
    if (this.observation !== null) return this.observation;
    this.timers = [
      setInterval(() => this.beat(), HEARTBEAT_MS).unref(),
      setInterval(() => void this.check(), CHECK_MS).unref(),
    ];
    this.observation = this.bus.observe({ saw: (event) => this.saw(event), missed: () => this.fallBehind() });
    return this.observation;
  }

  private rest(): void {
    for (const timer of this.timers) clearInterval(timer);
    if (this.flushing !== null) clearTimeout(this.flushing);
    this.flushing = null;
    this.forget();
    void this.observation?.stop();
    this.observation = null;
  }

  private saw({ subject, attributes, payload }: Passing): void {
    const change = shownChange(subject, attributes?.time, payload);
    if (change === null || this.streams.size === 0) return;
    const key = `${subject} ${change.id}`;
    if (this.changes.size >= MOST_CHANGES && !this.changes.has(key)) return this.fallBehind();
    this.changes.set(key, change);
    this.flushSoon();
  }

  private fallBehind(): void {
    if (this.streams.size === 0) return;
    this.isTooMuch = true;
    this.flushSoon();
  }

  private flushSoon(): void {
    // At once after a time of quiet.
    const waitMs = Math.max(0, this.flushedAt + COALESCE_MS - performance.now());
    this.flushing ??= setTimeout(() => this.flush(), waitMs).unref();
  }

  private flush(): void {
    const { isTooMuch, changes } = this;
    this.flushing = null;
    this.flushedAt = performance.now();
    this.forget();
    if (isTooMuch) return this.each((stream) => stream.resync());
    const text = [...changes.values()].map((change) => messageOf(change, (this.told += 1))).join('');
    this.each((stream) => stream.send(text));
  }

  private forget(): void {
    this.changes = new Map();
    this.isTooMuch = false;
  }

  private each(tell: (stream: LiveStream) => void): void {
    for (const stream of [...this.streams]) {
      tell(stream);
      if (stream.isOver) this.remove(stream);
    }
  }
}
