import { parseSource } from '../library/source-address';
import { touchesLibrary, type Push } from './touches-library';

const push: Push = {
  repository: 'github.com/acme/handbook',
  ref: 'main',
  defaultBranch: 'main',
  paths: ['README.md', 'docs/processes.md'],
};
const touches = (source: string, changed: Partial<Push> = {}): boolean =>
  touchesLibrary({ ...push, ...changed }, parseSource(source));

describe('a push', () => {
  it.each([
    'git+https://github.com/acme/handbook.git',
    'git+https://github.com/acme/handbook.git#main:docs',
    'git+https://github.com/Acme/Handbook.git#:docs/processes.md',
    'git@github.com:acme/handbook.git#main:docs/processes.md',
    'https://github.com/acme/handbook/blob/main/docs/processes.md',
    'https://raw.githubusercontent.com/acme/handbook/main/docs/processes.md',
    'https://raw.githubusercontent.com/acme/handbook/refs/heads/main/docs/processes.md',
    'https://github.com/acme/handbook/blob/HEAD/docs/processes.md',
  ])('touches the library %s', (source) => {
    expect(touches(source)).toBe(true);
  });

  it.each([
    ['of another repository', 'git+https://github.com/acme/website.git'],
    ['of another branch', 'git+https://github.com/acme/handbook.git#next'],
    ['in another folder', 'git+https://github.com/acme/handbook.git#main:doc'],
    ['in a folder that only begins alike', 'git+https://github.com/acme/handbook.git#main:docs/processes'],
    ['of another file', 'https://github.com/acme/handbook/blob/main/docs/other.md'],
    ['of a file on another branch', 'https://github.com/acme/handbook/blob/next/docs/processes.md'],
    ['of another host', 'https://handbook.example.org/docs/processes.md'],
    ['on this machine', 'docs/processes.md'],
  ])('does not touch a library %s', (_what, source) => {
    expect(touches(source)).toBe(false);
  });

  it('to another branch does not touch what follows the default one', () => {
    expect(touches('git+https://github.com/acme/handbook.git', { ref: 'next' })).toBe(false);
    expect(touches('https://github.com/acme/handbook/blob/HEAD/docs/processes.md', { ref: 'next' })).toBe(false);
  });

  it('to a branch with a slash touches a file there', () => {
    const there = 'https://github.com/acme/handbook/blob/team/docs/docs/processes.md';
    expect(touches(there, { ref: 'team/docs' })).toBe(true);
    expect(touches(there, { ref: 'team' })).toBe(false);
  });

  it('that does not tell its paths may have touched everything of its branch', () => {
    expect(touches('git+https://github.com/acme/handbook.git#main:elsewhere', { paths: null })).toBe(true);
    expect(touches('https://github.com/acme/handbook/blob/main/elsewhere.md', { paths: null })).toBe(true);
    expect(touches('https://github.com/acme/handbook/blob/mainly/elsewhere.md', { paths: null })).toBe(false);
  });
});
