import { askingOnce } from './post-outside';

describe('a name that is asked for', () => {
  it('is not asked for again before the answer, and anew after it', async () => {
    const answers: (() => void)[] = [];
    const resolve = jest.fn(
      (host: string) =>
        new Promise<{ address: string; family: number }[]>((done, fail) =>
          answers.push(() => (host === 'lost.example' ? fail(new Error(host)) : done([{ address: host, family: 4 }]))),
        ),
    );
    const ask = askingOnce(resolve);
    const [first, second, other] = [ask('a.example'), ask('a.example'), ask('b.example')];
    expect(resolve.mock.calls).toEqual([['a.example'], ['b.example']]);
    for (const answer of answers.splice(0)) answer();
    expect(await first).toBe(await second);
    expect((await other)[0]!.address).toBe('b.example');
    const again = ask('a.example');
    expect(resolve).toHaveBeenCalledTimes(3);
    answers.splice(0)[0]!();
    await again;
    const [lost, lostToo] = [ask('lost.example'), ask('lost.example')];
    answers.splice(0)[0]!();
    await Promise.all([expect(lost).rejects.toThrow('lost'), expect(lostToo).rejects.toThrow('lost')]);
    void ask('lost.example').catch(() => undefined);
    expect(resolve).toHaveBeenCalledTimes(5);
  });
});
