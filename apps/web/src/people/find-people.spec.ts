import { findPeople } from './find-people';
import { type Person } from './people-queries';
import { rolesText } from './role-text';

const person = (handle: string, name: string, active = true): Person => ({
  ...{ handle, name, active, owns: 0, deputyOf: 0, roles: ['owner'] },
  telegram: { linked: false, since: null, lost: null },
});
const people = [person('ada', 'Ada Lovelace'), person('alan', 'Alan Turing', false), person('grace', 'Grace Hopper')];
const found = (text: string): string[] => findPeople(people, text).map(({ handle }) => handle);

describe('looking for people', () => {
  it('shows everybody where nothing is looked for, those who left last', () => {
    expect(found('')).toEqual(['ada', 'grace', 'alan']);
    expect(found('  ')).toEqual(['ada', 'grace', 'alan']);
  });

  it('finds a part of a name or a handle, whatever its case', () => {
    expect(found('LOVE')).toEqual(['ada']);
    expect(found(' a')).toEqual(['ada', 'grace', 'alan']);
    expect(found('turing')).toEqual(['alan']);
    expect(found('nobody')).toEqual([]);
  });
});

describe('the roles of a person', () => {
  it('are named in the same order, however they are held', () => {
    expect(rolesText(['admin', 'viewer'])).toBe('viewer, admin');
    expect(rolesText([])).toBe('none');
  });
});
