import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npx vite` in this folder serves the console with a running Recert behind it. */
const RECERT = 'http://localhost:3000';

/** Beside each file its compressed twin, so that no server has to compress it again and again. */
const compressed = {
  name: 'compressed',
  writeBundle({ dir }) {
    const assets = join(dir, 'assets');
    for (const name of readdirSync(assets).filter((each) => /\.(js|css)$/.test(each))) {
      writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name)), { level: 9 }));
    }
  },
};

const mantine = join(dirname(createRequire(import.meta.url).resolve('@mantine/core/styles.css')), 'styles');
const stylesOf = (file) => readFileSync(join(mantine, file), 'utf8').match(/\bm_[0-9a-f]{6,8}\b/g) ?? [];

/** A component whose styles src/styles.ts leaves out would look like nothing at all: then nothing is built. */
const stylesAreThere = {
  name: 'styles-are-there',
  generateBundle(_, bundle) {
    const files = Object.values(bundle);
    const scripts = files.map((file) => file.code ?? '').join('');
    const styles = files.map(({ fileName, source }) => (fileName.endsWith('.css') ? source : '')).join('');
    const isMissing = (name) => scripts.includes(name) && !styles.includes(name);
    const missing = readdirSync(mantine).filter((file) => /^\w+\.css$/.test(file) && stylesOf(file).some(isMissing));
    if (missing.length > 0) this.error(`src/styles.ts must import the styles of ${missing.join(', ')}, too`);
  },
};

export default defineConfig({
  plugins: [react(), stylesAreThere, compressed],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 800 },
  server: { proxy: Object.fromEntries(['/api', '/hooks', '/health', '/r/'].map((path) => [path, RECERT])) },
});
