import { spawnSync } from 'node:child_process';

const aptGet = (...args) =>
  spawnSync('apt-get', args, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });

/** Whether the packages of the system can be installed here. */
export const mayInstall = () => process.platform === 'linux' && process.getuid() === 0;

/** Installs packages of Debian or Ubuntu. @returns what was said where it did not work, else null */
export function installPackages(...names) {
  const install = () => aptGet('install', '-y', '--no-install-recommends', ...names);
  let result = install();
  if (result.status !== 0) {
    // A fresh container has no package lists.
    aptGet('update');
    result = install();
  }
  return result.status === 0 ? null : (result.stderr || String(result.error)).trim();
}
