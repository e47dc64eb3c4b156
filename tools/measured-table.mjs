// What `npm run bench` and `npm run chaos` write of their figures into a document.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** @returns when and on what something was measured, e.g. `2026-11-25, Node 20.20.2, 2 processors, 24 GB` */
export function describeMachine() {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const today = new Date().toISOString().slice(0, 10);
  return `${today}, Node ${process.versions.node}, ${cpus().length} processors, ${gigabytes} GB`;
}

/** Puts `text` in place of what stands between `<!-- name -->` and `<!-- end of name -->`. */
export function writeBetweenMarks(file, name, text) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const before = readFileSync(file, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file}: the marks ${begin} and ${end} are not there.`);
  writeFileSync(file, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}
