// Gets promtool, which reads Prometheus' rules as Prometheus does: one on the PATH, else the system's package.
// `node tools/provision-promtool.mjs` prints where it is.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isProgram, onPath } from './find-program.mjs';
import { unpackPackage } from './unpack-package.mjs';

const cached = fileURLToPath(new URL('../.cache/promtool', import.meta.url));

/** Returns the path of a promtool that runs. Throws an error that says what was tried. */
export async function provisionPromtool() {
  const present = onPath(['promtool']) ?? [cached].find(isProgram);
  if (present !== undefined) return present;
  try {
    console.log("promtool: taking it from the system's packages");
    const program = await unpackPackage('prometheus', 'usr/bin/promtool', cached);
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return program;
  } catch (error) {
    throw new Error(
      `No promtool could be had; install Prometheus so that it is on the PATH.\n  from the system's packages: ${error.message}`,
      { cause: error },
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await provisionPromtool());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
