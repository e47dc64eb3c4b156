/**
 * Lets those who come together share one commit: while one group is being written, the next one gathers, and is
 * written as soon as the first is there. Alone, nobody waits for anybody.
 */
export class GroupCommit<Item, Result> {
  private gathering: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  private isWriting = false;

  /**
   * @param write writes all of them or none; its results are in their order
   * @param most how many items a group has, at most
   */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly most: number,
  ) {}

  /** How many wait to be written. */
  get waiting(): number {
    return this.gathering.length;
  }

  /** Resolves when it is committed. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.gathering.push({ item, resolve, reject });
      if (!this.isWriting) void this.run();
    });
  }

  /** Never rejects: a failure is told to those whom it concerns. */
  private async run(): Promise<void> {
    this.isWriting = true;
    while (this.gathering.length > 0) {
      const group = this.gathering.splice(0, this.most);
      try {
        const results = await this.write(group.map((each) => each.item));
        for (const [at, { resolve }] of group.entries()) resolve(results[at]!);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.isWriting = false;
  }
}
