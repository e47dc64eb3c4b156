// Removes from a deployed service what no running service reads: `node deploy/strip-image.mjs FOLDER`.
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const NEEDLESS =
  /\.(d\.[cm]?ts|[cm]?tsx?|[cm]?js\.map|css\.map|tsbuildinfo|flow)$|\.(int-|e2e-)?spec\.js$|^tsconfig\.json$|^pnpm-lock\.yaml$|^(README|CHANGELOG|HISTORY)(\.md)?$/i;
/** Packages that are there twice, and loaded by `require` alone: the half for `import`. */
const UNUSED_HALF = /\/@sentry\/[^/]+\/build\/esm$/;
/** Of a package's own tests and pictures of itself; Recert's own have their fixtures beside what they test. */
const FOLDERS = /^(\.github|\.vscode|tests?|__tests__|bench(marks)?|examples?|fixtures|test-kit)$/;

/** Folders are followed where they are real: pnpm links each package to the one place where it is. */
function strip(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const isPackage = entries.some(({ name }) => name === 'package.json') || folder.endsWith('/dist');
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const isNeedless = entry.isDirectory() ? isPackage && FOLDERS.test(entry.name) : NEEDLESS.test(entry.name);
    if (isNeedless || UNUSED_HALF.test(path)) rmSync(path, { recursive: true });
    else if (entry.isDirectory()) strip(path);
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

strip(process.argv[2]);
