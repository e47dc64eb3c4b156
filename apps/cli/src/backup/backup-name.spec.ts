import { backupName, dumpFile, fileOfBackup, manifestFile, partFile } from './backup-name';

describe('the name of a backup', () => {
  it('is the minute of its snapshot in UTC', () => {
    expect(backupName(new Date('2026-11-30T21:30:59.999Z'))).toBe('recert-2026-11-30T2130Z');
    expect(backupName(new Date('2026-11-30T23:30:00+02:00'))).toBe('recert-2026-11-30T2130Z');
  });

  it('is told from each of its files', () => {
    const name = 'recert-2026-11-30T2130Z';
    const takenAt = new Date('2026-11-30T21:30:00Z');
    expect(dumpFile(name)).toBe('recert-2026-11-30T2130Z.dump.age');
    expect(fileOfBackup(dumpFile(name))).toEqual({ name, kind: 'dump', takenAt });
    expect(fileOfBackup(manifestFile(name))).toEqual({ name, kind: 'manifest', takenAt });
    expect(fileOfBackup(partFile(name))).toEqual({ name, kind: 'part', takenAt });
  });

  it.each([
    'recert-2026-11-30T2130Z',
    'recert-2026-11-30T2130Z.dump',
    'recert-2026-11-30T2130Z.dump.age.old',
    'recert-2026-13-30T2130Z.dump.age',
    'recert-2026-02-31T2130Z.dump.age',
    'recert-2026-11-30T2460Z.dump.age',
    'my-recert-2026-11-30T2130Z.dump.age',
    'photos.json',
    '',
  ])('is not taken for ours: "%s"', (file) => {
    expect(fileOfBackup(file)).toBeNull();
  });
});
