import { isUtf8 } from 'node:buffer';
import { LibraryReadError } from './source-error';

const LINE_FEED = 0x0a;

/** The text of a Markdown file. Refuses what is not UTF-8, or has a NUL in it, with the line where that is. */
export function decodeMarkdown(source: string, path: string, bytes: Buffer): string {
  if (bytes.indexOf(0) === -1 && isUtf8(bytes)) return bytes.toString('utf8');
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const what = isUtf16 ? 'is UTF-16' : 'is not UTF-8 text';
  throw new LibraryReadError(source, `${path} ${what} (line ${firstBadLine(bytes)}): save it as UTF-8`);
}

// A line feed is never part of a longer character, so each line can be judged alone.
function firstBadLine(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(LINE_FEED, start);
    const part = bytes.subarray(start, end === -1 ? bytes.length : end);
    if (end === -1 || part.includes(0) || !isUtf8(part)) return line;
    start = end + 1;
  }
}
