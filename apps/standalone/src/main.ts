import { exitWith, stopOnSignals } from '@recert/service-kit';
import { environment } from './config';
import { startStandalone } from './start-standalone';

/** `npm start` holds an IPC channel to us: when it is gone, so are we, and the database with us. */
async function main(): Promise<void> {
  // First of all: who started us may be gone before we are up.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  const standalone = await startStandalone(environment, (line) => process.stdout.write(`${line}\n`));
  stopOnSignals(standalone);
}

main().catch(exitWith);
