import { GroupCommit } from './group-commit';

describe('a group commit', () => {
  it('writes the first at once, and those who come meanwhile together', async () => {
    const groups: number[][] = [];
    let release: () => void = () => undefined;
    const commit = new GroupCommit<number, number>(async (items) => {
      groups.push([...items]);
      if (groups.length === 1) await new Promise<void>((resolve) => (release = resolve));
      return items.map((n) => n * 10);
    }, 100);
    const all = [commit.add(1), commit.add(2), commit.add(3)];
    expect(groups).toEqual([[1]]);
    expect(commit.waiting).toBe(2);
    release();
    expect(await Promise.all(all)).toEqual([10, 20, 30]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it('writes no more at once than it may', async () => {
    const sizes: number[] = [];
    const commit = new GroupCommit<number, number>(async (items) => {
      sizes.push(items.length);
      return items;
    }, 4);
    await Promise.all(Array.from({ length: 10 }, (_, n) => commit.add(n)));
    expect(sizes).toEqual([1, 4, 4, 1]);
  });

  it('tells a failure to the group that it concerns, and goes on with the next', async () => {
    let attempt = 0;
    const commit = new GroupCommit<string, string>(async (items) => {
      attempt += 1;
      if (attempt === 1) throw new Error('the disk is full');
      return items;
    }, 10);
    const first = commit.add('a');
    const second = commit.add('b');
    await expect(first).rejects.toThrow('the disk is full');
    expect(await second).toBe('b');
    expect(await commit.add('c')).toBe('c');
  });
});
