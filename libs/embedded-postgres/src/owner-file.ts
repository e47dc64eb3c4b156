import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Tells a process from a later one with the same pid. Undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // The name, second, is in parentheses and may hold spaces; the start is the 22nd field, the 20th after it.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Makes this process the only one that uses a data directory, by a file that names it (pid and start).
 * The file of a dead owner is taken over. Throws "already running (pid N) .." when the owner is alive.
 * Returns what gives the directory up again.
 */
export function claimDirectory(file: string, dataDir: string): () => void {
  const mine = `${process.pid} ${startOf(process.pid) ?? 'unknown'}\n`;
  const candidate = `${file}.${process.pid}`;
  writeFileSync(candidate, mine, { mode: 0o644 });
  try {
    for (;;) {
      try {
        // A link appears whole or not at all: nobody ever reads half of the file.
        linkSync(candidate, file);
        return () => {
          if (readIfThere(file) === mine) rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      takeAway(file, dataDir);
    }
  } finally {
    rmSync(candidate, { force: true });
  }
}

function takeAway(file: string, dataDir: string): void {
  const found = readIfThere(file);
  if (found === undefined) return;
  const [pid = '', start = ''] = found.trim().split(/ (.*)/s);
  if (start !== '' && startOf(Number(pid)) === start) {
    throw new Error(`Recert is already running (pid ${pid}) on this data directory: ${dataDir}`);
  }
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Two may find the same dead owner: who moved the other's fresh file puts it back and meets it next.
  if (readIfThere(aside) !== found) linkSync(aside, file);
  rmSync(aside, { force: true });
}
