import { repositoryOf } from './repository-name';

describe('the repository of an address', () => {
  it.each([
    'https://github.com/Acme/Lugha',
    'https://github.com/acme/lugha.git',
    'https://github.com/acme/lugha/tree/main/docs',
    'https://token@github.com/acme/lugha',
    'git+https://github.com/acme/lugha.git',
    'ssh://git@github.com/acme/lugha.git',
    'git@github.com:acme/lugha.git',
    'github.com:acme/lugha',
  ])('is the same for %s', (address) => {
    expect(repositoryOf(address)).toBe('github.com/acme/lugha');
  });

  it.each(['', 'docs/processes.md', 'https://github.com/acme', 'https://lugha.example.org', 'file:///srv/a/b', '%'])(
    'is none for "%s"',
    (address) => {
      expect(repositoryOf(address)).toBeNull();
    },
  );
});
