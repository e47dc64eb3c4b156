import { type FileThere, backupsIn, backupsToRemove } from './backups-in';

const whole = (name: string): FileThere[] => [
  { file: `${name}.dump.age`, size: 1000 },
  { file: `${name}.json`, size: 200 },
];
const [monday, tuesday, wednesday] = ['recert-2026-11-30T0300Z', 'recert-2026-12-01T0300Z', 'recert-2026-12-02T0300Z'];

describe('the backups of a place', () => {
  it('are those of its files that are ours, the newest first', () => {
    const found = backupsIn([...whole(monday), { file: 'notes.txt', size: 1 }, ...whole(wednesday), ...whole(tuesday)]);
    expect(found.map(({ name, complete, size }) => [name, complete, size])).toEqual([
      [wednesday, true, 1000],
      [tuesday, true, 1000],
      [monday, true, 1000],
    ]);
  });

  it.each([
    ['a dump whose manifest was never written', [{ file: `${monday}.dump.age`, size: 5 }]],
    ['a dump that broke off while it was written', [{ file: `${monday}.dump.age.part`, size: 5 }]],
    ['a manifest that lost its dump', [{ file: `${monday}.json`, size: 5 }]],
  ])('are not complete: %s', (_, files) => {
    expect(backupsIn(files)).toMatchObject([{ name: monday, complete: false }]);
  });
});

describe('what may go', () => {
  const names = (files: readonly FileThere[], keep: number) =>
    backupsToRemove(backupsIn(files), keep).map(({ name }) => name);
  const three = [...whole(monday), ...whole(tuesday), ...whole(wednesday)];

  it('is what has as many newer ones as shall stay', () => {
    expect(names(three, 4)).toEqual([]);
    expect(names(three, 3)).toEqual([]);
    expect(names(three, 2)).toEqual([monday]);
    expect(names(three, 1)).toEqual([tuesday, monday]);
  });

  it('is never the last complete one', () => {
    expect(names(whole(monday), 1)).toEqual([]);
    expect(names(whole(monday), 0)).toEqual([]);
    const younger = [tuesday, wednesday].map((name) => ({ file: `${name}.dump.age`, size: 1 }));
    expect(names([...whole(monday), ...younger], 1)).toEqual([]);
  });

  it('is nothing where no backup is complete', () => {
    expect(names([{ file: `${monday}.dump.age.part`, size: 1 }], 1)).toEqual([]);
  });

  it('is what broke off more than a day before the newest: another may still be writing what is younger', () => {
    const broken = (name: string) => ({ file: `${name}.dump.age.part`, size: 1 });
    expect(names([...whole(tuesday), broken(monday)], 5)).toEqual([]);
    expect(names([...whole('recert-2026-12-01T0301Z'), broken(monday)], 5)).toEqual([monday]);
  });

  it('stops being a backup before it loses its dump', () => {
    const [old] = backupsToRemove(backupsIn(three), 2);
    expect(old!.files).toEqual([`${monday}.json`, `${monday}.dump.age`]);
  });
});
