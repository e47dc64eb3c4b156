import { isProgram, placesOf } from './find-program';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The browser of this machine: the one that CHROMIUM names, else one that is installed; null where there is none. */
export function findChromium(): string | null {
  return process.env['CHROMIUM'] ?? [...placesOf(NAMES), ...ELSEWHERE].find(isProgram) ?? null;
}
