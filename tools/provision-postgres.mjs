// Gets a PostgreSQL with its programs (pg_dump, pg_restore), which the embedded one comes without, for the tests of
// backups: one that is installed, else the system's package. `node tools/provision-postgres.mjs` prints where it is.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isProgram, onPath } from './find-program.mjs';
import { installPackages, mayInstall } from './system-package.mjs';

const debian = '/usr/lib/postgresql';
const noCluster = '/etc/postgresql-common/createcluster.d/recert-tests.conf';

function installed() {
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => b - a) : [];
  const folders = versions.map((version) => join(debian, version, 'bin'));
  const found = folders.find((folder) => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'pg_dump')));
  return found ?? (onPath(['initdb']) && onPath(['pg_dump']));
}

/** The package would make a cluster and start a service that nobody asked for. */
function installWithoutCluster() {
  mkdirSync(join(noCluster, '..'), { recursive: true });
  writeFileSync(noCluster, 'create_main_cluster = false\n');
  try {
    return installPackages('postgresql');
  } finally {
    rmSync(noCluster);
  }
}

/** Returns where the programs are, or throws one error that says how to get them. */
export function provisionPostgres() {
  const present = installed();
  if (present !== undefined) return present;
  if (!mayInstall()) throw new Error('There is no initdb and pg_dump on the PATH: install PostgreSQL 15 or newer.');
  console.log("postgresql: installing the system's package");
  const complaint = installWithoutCluster();
  const found = installed();
  if (found === undefined) throw new Error(`PostgreSQL cannot be installed: ${complaint}`);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(provisionPostgres());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
