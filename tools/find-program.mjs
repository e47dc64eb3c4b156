import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const isProgram = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** A program of one of these names on the PATH, or in the other folders. */
export const onPath = (names, ...more) =>
  [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...more]
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isProgram);
