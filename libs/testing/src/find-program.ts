import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every place on the PATH where a program of one of these names would be, and then the others. */
export function placesOf(names: readonly string[], ...more: readonly string[]): string[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...more];
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
