// Runs in Jest itself, once, and only when a project with real databases takes part. Jest compiles what is required
// here, but does not map package names to sources, hence the paths.
const { mkdtempSync, rmSync, statfsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const MEMORY = '/dev/shm';
const ROOM_BYTES = 4 * 2 ** 30;

/** In memory where there is much of it: making and removing so many databases is what a disk is slowest at. */
function folder() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

module.exports = async () => {
  if (process.env.TEST_DATABASE_URL) return;
  const { startEmbeddedPostgres } = require('../libs/embedded-postgres/src/index.ts');
  const dataDir = mkdtempSync(join(folder(), 'recert-test-'));
  const server = await startEmbeddedPostgres({
    dataDir,
    // Nobody pulls the plug in a test, only processes are killed, and those lose nothing without fsync.
    settings: { max_connections: '200', fsync: 'off' },
  });
  process.env.TEST_DATABASE_URL = server.url;
  globalThis.stopTestPostgres = async () => {
    await server.stop();
    if (process.env.RECERT_KEEP_DB === '1') console.log(`The databases of this run are kept in ${dataDir}`);
    else rmSync(dataDir, { recursive: true, force: true });
  };
};
