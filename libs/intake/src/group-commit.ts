/**
 * Lets those who come together share one commit: while groups are being written, the next one gathers, and is written
 * as soon as one of them is there. Alone, nobody waits for anybody.
 */
export class GroupCommit<Item, Result> {
  private gathering: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  private writers = 0;

  /**
   * @param write writes all of them or none; its results are in their order
   * @param most how many items a group has, at most
   * @param atOnce how many groups are being written at the same time, at most
   */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly most: number,
    private readonly atOnce = 1,
  ) {}

  /** How many wait to be written. */
  get waiting(): number {
    return this.gathering.length;
  }

  /** Resolves when it is committed. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.gathering.push({ item, resolve, reject });
      if (this.writers < this.atOnce) void this.run();
    });
  }

  /** Never rejects: a failure is told to those whom it concerns. */
  private async run(): Promise<void> {
    this.writers += 1;
    while (this.gathering.length > 0) {
      const group = this.gathering.splice(0, this.most);
      try {
        const results = await this.write(group.map((each) => each.item));
        for (const [at, { resolve }] of group.entries()) resolve(results[at]!);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.writers -= 1;
  }
}
