/** Changes that come in a burst are fetched once. */
const GATHER_MS = 200;
/**
 * What is sent follows from a change a moment later, and nothing tells of it: looked for once soon, and once when even
 * what had to wait for Telegram's limits is mostly out.
 */
const AGAIN_MS: Readonly<Record<string, readonly number[]>> = { messages: [1_500, 6_000] };

/** Decides when queries are fetched again of which a change was told. */
export class Refetches {
  private readonly touched = new Set<string>();
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private readonly again = new Map<string, ReturnType<typeof setTimeout>[]>();

  /** @param fetch fetches again, as far as they are shown, the queries whose key begins with this word */
  constructor(private readonly fetch: (name: string) => void) {}

  touch(names: readonly string[]): void {
    for (const name of names) this.touched.add(name);
    if (names.length > 0) this.gathering ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.gathering);
    for (const timers of this.again.values()) timers.forEach(clearTimeout);
  }

  private flush(): void {
    this.gathering = undefined;
    for (const name of this.touched) {
      this.fetch(name);
      this.again.get(name)?.forEach(clearTimeout);
      const timers = (AGAIN_MS[name] ?? []).map((ms) => setTimeout(() => this.fetch(name), ms));
      this.again.set(name, timers);
    }
    this.touched.clear();
  }
}
