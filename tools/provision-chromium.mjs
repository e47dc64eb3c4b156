// Gets the browser in which the console is tested: one that is installed, else the system's package.
// `node tools/provision-chromium.mjs` prints where it is.
import { fileURLToPath } from 'node:url';
import { isProgram, onPath } from './find-program.mjs';
import { installPackages, mayInstall } from './system-package.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

const installed = () => onPath(names) ?? elsewhere.find(isProgram);

/** Returns the path of a browser, or throws one error that says how to get one. */
export function provisionChromium() {
  const present = process.env.CHROMIUM ?? installed();
  if (present !== undefined) return present;
  if (!mayInstall()) {
    throw new Error('There is no Chromium on the PATH: install one, or name it in CHROMIUM.');
  }
  console.log("chromium: installing the system's package");
  const complaint = installPackages('chromium', 'fonts-liberation');
  const found = installed();
  if (found === undefined) {
    throw new Error(`Chromium cannot be installed: ${complaint}`);
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(provisionChromium());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
