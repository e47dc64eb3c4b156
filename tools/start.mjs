// `npm start`: makes the clone ready and runs everything in one process.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, workspace } from './install.mjs';

ensureInstalled();
ensureBuilt();
ensureConsoleBuilt();

// A small young generation keeps an idle server at half the memory.
const args = ['--max-semi-space-size=4', join(workspace, 'apps/standalone/dist/main.js'), ...process.argv.slice(2)];

// The channel is how the child notices that we are gone, even by kill -9: it then stops by itself. In a session of its
// own it gets Ctrl-C from us alone, once; npm and the terminal send it to us twice.
const child = spawn(process.execPath, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true });

const sameKeyMs = 1000;
let last = -Infinity;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    const now = performance.now();
    if (now - last > sameKeyMs) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    last = now;
  });
}

child.on('error', (error) => {
  console.error(`Recert could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  if (signal) console.error(`Recert was ended by ${signal}.`);
  process.exitCode = code ?? 1;
});
