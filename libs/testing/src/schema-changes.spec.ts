import { type Column, type SchemaPicture, whatBreaks } from './schema-changes';

describe('what a change of a schema breaks for the version before', () => {
  const id: Column = { table: 'alert', column: 'id', type: 'uuid', nullable: false, filled: false };
  const note: Column = { table: 'alert', column: 'note', type: 'text', nullable: true, filled: true };
  const key = { table: 'alert', rule: 'PRIMARY KEY (id)' };
  const before: SchemaPicture = { columns: [id, note], rules: [key] };
  const with_ = (columns: readonly Column[], rules = before.rules): string[] => whatBreaks(before, { columns, rules });

  it('is nothing where nothing changed, and where tables, columns and looser rules are added', () => {
    expect(with_([id, note])).toEqual([]);
    expect(with_([{ ...id, nullable: true }, note], [])).toEqual([]);
    const other = { ...id, table: 'other' };
    expect(with_([id, note, other], [key, { table: 'other', rule: 'CHECK (true)' }])).toEqual([]);
    expect(with_([id, note, { ...note, column: 'more' }])).toEqual([]);
    expect(with_([id, note, { ...id, column: 'more', filled: true }])).toEqual([]);
  });

  it.each<[string, readonly Column[], string]>([
    ['a column that is gone', [id], 'alert.note is gone'],
    ['another type', [id, { ...note, type: 'jsonb' }], 'alert.note is jsonb and was text'],
    ['no more nulls', [id, { ...note, nullable: false }], 'alert.note may not be empty any more'],
    ['a column without a default', [id, note, { ...id, column: 'more' }], 'alert.more has to be given'],
  ])('is %s', (_, columns, sentence) => {
    expect(with_(columns)).toEqual([sentence]);
  });

  it('is a new rule on a table that was there', () => {
    expect(with_([id, note], [key, { table: 'alert', rule: 'UNIQUE (note)' }])).toEqual([
      'alert is held to: UNIQUE (note)',
    ]);
  });
});
