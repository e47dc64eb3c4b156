import { spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';

/** How PostgreSQL's programs are started: PostgreSQL refuses to run as root. */
export interface ServerAccount {
  uid?: number;
  gid?: number;
  prefix: readonly string[];
}

/** The children see nothing of our environment: PGDATA, PGHOST or a locale of ours would change what they do. */
export const serverEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

const nobody = { uid: 65534, gid: 65534 };

/**
 * Keeps exactly the right to pass folders closed to others, as `mktemp -d` makes them for root: the clone or the data
 * may lie below one. The server's role `recert` is no superuser, so SQL does not get at files through it.
 */
const dropButPassFolders = ({ uid, gid }: { uid: number; gid: number }): readonly string[] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  // Without it access(2), by which initdb looks for its server, leaves the right out of account.
  '--securebits=+no_setuid_fixup',
  '--inh-caps=-all,+dac_override',
  '--ambient-caps=-all,+dac_override',
  '--bounding-set=-all,+dac_override',
];

/** What the account must be able to reach. */
export interface Reach {
  programs: readonly string[];
  readable: readonly string[];
  writable: readonly string[];
}

const canReach = ({ uid, gid, prefix }: ServerAccount, { programs, readable, writable }: Reach): boolean => {
  const conditions = [
    ...programs.map(() => 'test -x "$1" && shift'),
    ...readable.map(() => 'test -r "$1" && shift'),
    ...writable.map(() => 'test -w "$1" && test -x "$1" && shift'),
  ];
  const [program = '', ...rest] = [...prefix, '/bin/sh', '-c', conditions.join(' && '), 'sh'];
  const result = spawnSync(program, [...rest, ...programs, ...readable, ...writable], {
    env: serverEnvironment,
    stdio: 'ignore',
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  return result.status === 0;
};

/** The owner the server's folders have or shall have: nobody when we are root, otherwise ourselves (undefined). */
export function folderOwner(cluster: string): { uid: number; gid: number } | undefined {
  const { uid, gid } = statSync(cluster, { throwIfNoEntry: false }) ?? {};
  const self = process.getuid?.();
  if (self !== 0) {
    if (uid === undefined || uid === self) return undefined;
    throw new Error(
      `The database in ${cluster} belongs to the user with id ${uid} and we are ${self}: ` +
        `start as that user, or take the folder over with chown -R ${self} (as root).`,
    );
  }
  if (process.platform === 'darwin') throw new Error('The embedded PostgreSQL does not run as root: use your account.');
  return uid !== undefined && gid !== undefined && uid !== 0 ? { uid, gid } : nobody;
}

/** Gives a folder to the server's account. */
export function giveTo(owner: { uid: number; gid: number } | undefined, folder: string): void {
  if (owner === undefined) return;
  try {
    chownSync(folder, owner.uid, owner.gid);
  } catch (error) {
    throw new Error(
      `PostgreSQL refuses to run as root, and ${folder} cannot be given to the user with id ${owner.uid}: ` +
        'start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
}

/** The least privileged way to run the server as `owner` that reaches what it needs. Throws when there is none. */
export function chooseAccount(owner: { uid: number; gid: number } | undefined, reach: Reach): ServerAccount {
  if (owner === undefined) return { prefix: [] };
  const plain = { ...owner, prefix: [] };
  if (canReach(plain, reach)) return plain;
  const passing = { prefix: dropButPassFolders(owner) };
  if (canReach(passing, reach)) return passing;
  const needed = [...reach.programs, ...reach.readable, ...reach.writable].join(', ');
  throw new Error(
    `PostgreSQL refuses to run as root, and the user with id ${owner.uid} cannot reach all of: ${needed}. ` +
      'Do one of: start as an ordinary user; move the clone and the data to folders open to others (chmod o+x on ' +
      'each folder above them); install setpriv (package util-linux); set DATABASE_URL to a PostgreSQL of your own.',
  );
}
