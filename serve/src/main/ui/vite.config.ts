import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

// Where Maven wants the page; without it, the place it has in a checkout.
const out = process.env['NEARSIDE_UI_OUT'] ?? '../../../target/classes/dev/nearside/serve/ui';
const server = process.env['NEARSIDE_SERVER'] ?? 'http://127.0.0.1:11500';

/** Writes files.txt, the list of all files that the server may give out. */
function fileList(): Plugin {
  let folder = '';
  return {
    name: 'nearside-file-list',
    apply: 'build',
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith(sep)) {
        folder = config.build.outDir;
      }
    },
    closeBundle: () => {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'files.txt')
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
      writeFileSync(join(folder, 'files.txt'), files.map((file) => `${file}\n`).join(''));
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [fileList()],
  build: {
    outDir: out,
    emptyOutDir: true,
    // light-dark(), field-sizing and the dialog element: browsers of 2024 and later.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/api', '/health'].map((path) => [path, { target: server, changeOrigin: true }]),
    ),
  },
});
