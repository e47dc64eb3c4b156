import { inTreeOrder } from './run-tree';

const step = (key: string, second: number, changes: Partial<Parameters<typeof inTreeOrder>[0][number]> = {}) => ({
  ...{ key, kind: 'event' as const, name: key, causeId: null, by: null, at: new Date(second * 1000) },
  ...changes,
});
const drawn = (steps: Parameters<typeof inTreeOrder>[0]): string[] =>
  inTreeOrder(steps).map(({ step: { key }, depth }) => `${' '.repeat(depth)}${key}`);

describe('the steps of a run', () => {
  it('stand each below what it followed from, earlier ones first', () => {
    const steps = [
      step('hook', 0, { kind: 'webhook' }),
      step('e2', 5, { causeId: 'e1', by: 'notifier.show' }),
      step('notifier.show e1', 4, { kind: 'handler', causeId: 'e1', name: 'notifier.show' }),
      step('e1', 1, { causeId: 'hook', by: 'sentry' }),
      step('registry.note e1', 2, { kind: 'handler', causeId: 'e1', name: 'registry.note' }),
      step('notifier.tell e2', 6, { kind: 'handler', causeId: 'e2', name: 'notifier.tell' }),
    ];
    expect(drawn(steps)).toEqual([
      'hook',
      ' e1',
      '  registry.note e1',
      '  notifier.show e1',
      '   e2',
      '    notifier.tell e2',
    ]);
  });

  it('stand below the event while its handler is not known, and on top while nothing is', () => {
    expect(drawn([step('e2', 1, { causeId: 'e1', by: 'a.b' }), step('e1', 2)])).toEqual(['e1', ' e2']);
    expect(drawn([step('e2', 1, { causeId: 'e1', by: 'a.b' })])).toEqual(['e2']);
  });

  it('are all there, also where they are in a circle', () => {
    const circle = [step('a', 1, { causeId: 'b' }), step('b', 2, { causeId: 'a' }), step('c', 3, { causeId: 'c' })];
    expect(
      drawn(circle)
        .map((line) => line.trim())
        .sort(),
    ).toEqual(['a', 'b', 'c']);
  });
});
