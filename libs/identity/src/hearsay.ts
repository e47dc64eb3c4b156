/** So long another replica may not have noticed that something was revoked. */
const BELIEVED_MS = 2_000;
const MOST_REMEMBERED = 10_000;
/** What was made a moment ago is waited for: its event is on its way. */
const PATIENCE_MS = 1_500;
const LOOK_AGAIN_MS = 100;
const MOST_AWAITED = 64;
/** Nobody waits twice for what did not come: a browser with a cookie of long ago sends it with every request. */
const STRANGE_MS = 60_000;

interface Believed<Fact> {
  readonly fact: Fact;
  readonly until: number;
}

/** Facts that another service tells of, which lie in a table of ours. */
export class Hearsay<Fact> {
  private readonly believed = new Map<string, Believed<Fact>>();
  private readonly strangers = new Map<string, number>();
  private readonly awaited = new Map<string, Promise<Fact | null>>();

  /** @param look reads the table; null when nobody has told of it */
  constructor(private readonly look: (key: string) => Promise<Fact | null>) {}

  /** What is known now, as it was at most 2 s ago. */
  async find(key: string): Promise<Fact | null> {
    const believed = this.believed.get(key);
    if (believed !== undefined && believed.until > performance.now()) return believed.fact;
    const fact = await this.look(key);
    if (fact !== null) remember(this.believed, key, { fact, until: performance.now() + BELIEVED_MS });
    return fact;
  }

  /** The same, and waits up to 1.5 s for what nobody has told of, once a minute. */
  async findOrAwait(key: string): Promise<Fact | null> {
    return (await this.find(key)) ?? (await this.await(key));
  }

  /** To be looked up again, from now on. */
  forget(isMeant: (fact: Fact) => boolean): void {
    for (const [key, { fact }] of this.believed) if (isMeant(fact)) this.believed.delete(key);
  }

  private await(key: string): Promise<Fact | null> {
    const already = this.awaited.get(key);
    if (already !== undefined) return already;
    if (this.awaited.size >= MOST_AWAITED || this.isStrange(key)) return Promise.resolve(null);
    const coming = this.lookAgain(key).finally(() => this.awaited.delete(key));
    this.awaited.set(key, coming);
    return coming;
  }

  private async lookAgain(key: string): Promise<Fact | null> {
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      const fact = await this.find(key);
      if (fact !== null) return fact;
    }
    remember(this.strangers, key, performance.now() + STRANGE_MS);
    return null;
  }

  private isStrange(key: string): boolean {
    const until = this.strangers.get(key);
    return until !== undefined && until > performance.now();
  }
}

function remember<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  if (memory.size >= MOST_REMEMBERED) memory.clear();
  memory.set(key, value);
}
