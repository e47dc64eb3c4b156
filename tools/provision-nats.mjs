// Gets the real nats-server that the tests of the bus run against: one on the PATH, else the system's package, else
// the release. `node tools/provision-nats.mjs` prints where it is.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isProgram, onPath } from './find-program.mjs';
import { keepProgram, runToEnd, unpackPackage, withTemporaryFolder } from './unpack-package.mjs';

/** Debian puts servers where an ordinary user's PATH does not look. */
const serverFolder = '/usr/sbin';
const cached = fileURLToPath(new URL('../.cache/nats-server', import.meta.url));

const release = {
  version: '2.14.6',
  /** As published with the release, in its SHA256SUMS. */
  sha256: {
    'linux-amd64': '61c3d55f69f61ec616b75782250936445f2819e9e5f2ae6159b10a31abd2200c',
    'linux-arm64': '3ff6e463762db64186a36cf0276dae8320509e995151ad0153ba9c9f67eee3f9',
    'darwin-amd64': '239d4f3314334cc86cb12d7c252cf9b3461364451cc8ec5a39fb4915acd717c1',
    'darwin-arm64': '291b9aa8c342b3cdcc53d872585bd467de4b5c9acf375066d882eb5412a09d55',
  },
};

const fromDebian = () => unpackPackage('nats-server', 'usr/sbin/nats-server', cached);

const fromRelease = () =>
  withTemporaryFolder(async (folder) => {
    const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
    const expected = release.sha256[platform];
    if (expected === undefined) throw new Error(`no checksum known for ${platform}`);
    const name = `nats-server-v${release.version}-${platform}`;
    const url = `https://github.com/nats-io/nats-server/releases/download/v${release.version}/${name}.tar.gz`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== expected) throw new Error(`${url} has SHA-256 ${found} and not ${expected}: it is not used`);
    writeFileSync(join(folder, 'nats-server.tar.gz'), bytes);
    runToEnd('tar', ['-xzf', 'nats-server.tar.gz'], folder);
    return keepProgram(join(folder, name, 'nats-server'), cached);
  });

/** Returns the path of a nats-server that runs. Throws one error with every way that was tried. */
export async function provisionNats() {
  const present = onPath(['nats-server'], serverFolder) ?? [cached].find(isProgram);
  if (present !== undefined) return present;
  const failures = [];
  for (const [from, get] of [
    ["the system's packages", fromDebian],
    ['the release on GitHub', fromRelease],
  ]) {
    try {
      console.log(`nats-server: taking it from ${from}`);
      const program = await get();
      execFileSync(program, ['--version']);
      return program;
    } catch (error) {
      failures.push(`  from ${from}: ${error.message}`);
    }
  }
  throw new Error(`No nats-server could be had; install one so that it is on the PATH.\n${failures.join('\n')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await provisionNats());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
