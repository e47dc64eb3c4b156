import { databaseName } from './postgres';

describe('the name of a test database', () => {
  it('tells the spec, the process and the call', () => {
    expect(databaseName('/x/import-library.int-spec.ts', 7, 3)).toBe('t_import_library_7_3');
  });

  it('has 63 bytes at most, and the end that makes it unique stays', () => {
    expect(databaseName(`/x/${'a'.repeat(57)}.spec.ts`, 7, 3)).toHaveLength(63);
    const name = databaseName(`/x/${'a'.repeat(200)}.spec.ts`, 7, 3);
    expect(name).toHaveLength(63);
    expect(name).toMatch(/_7_3$/);
  });
});
