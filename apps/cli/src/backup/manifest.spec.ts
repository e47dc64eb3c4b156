import { differences, type Facts, majorOf, readManifest } from './manifest';

const facts: Facts = { migrations: { registry: 21 }, rows: { 'registry.history': 7 }, roles: ['registry'] };
const manifest = {
  ...{ format: 1, name: 'recert-2026-11-30T2130Z', takenAt: '2026-11-30T21:30:00.123456Z', recert: '0.1.0' },
  ...{ postgres: 170002, size: 1, sha256: 'a'.repeat(64), ...facts },
};

describe('a manifest', () => {
  it('is read as it was written', () => {
    expect(readManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  it.each([
    ['is cut off', JSON.stringify(manifest).slice(0, -1)],
    ['is of a format to come', JSON.stringify({ ...manifest, format: 2 })],
    ['has no sum', JSON.stringify({ ...manifest, sha256: '' })],
    ['is of something else', '[]'],
  ])('is not understood when it %s', (_, text) => {
    expect(readManifest(text)).toBeNull();
  });

  it('knows the major version of a server', () => {
    expect([150000, 159999, 160000, 170002].map(majorOf)).toEqual([15, 15, 16, 17]);
  });
});

describe('a restored database', () => {
  it('is the same when it has the same migrations and rows; roles are the server’s', () => {
    expect(differences(facts, { ...facts, roles: [] })).toEqual([]);
  });

  it('is another one when anything is missing, less or more', () => {
    const found = { migrations: { notifier: 3 }, rows: { 'registry.history': 6, 'registry.extra': 1 }, roles: [] };
    expect(differences(facts, found)).toEqual([
      'schema notifier has 3 migrations, not none',
      'schema registry has none migrations, not 21',
      'table registry.extra has 1 rows, not none',
      'table registry.history has 6 rows, not 7',
    ]);
  });
});
