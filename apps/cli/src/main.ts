#!/usr/bin/env node
import { run } from './run';

// `recert processes | head` closes our output early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

void run(process.argv.slice(2), process.env, process).then((code) => {
  process.exitCode = code;
});
