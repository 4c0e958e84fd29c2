import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

// Where Maven wants the page; without it, the place it has in a checkout.
const out = process.env['NEARSIDE_UI_OUT'] ?? '../../../target/classes/dev/nearside/serve/ui';
const server = process.env['NEARSIDE_SERVER'] ?? 'http://127.0.0.1:11500';

/**
 * Writes files.txt, the list of all files that the server may give out. The folder is a package of
 * the server too: its classes stay, and are not in the list.
 */
function fileList(): Plugin {
  let folder = '';
  return {
    name: 'nearside-file-list',
    apply: 'build',
    configResolved: (config) => {
      folder = resolve(config.root, config.build.outDir);
    },
    buildStart: () => rmSync(join(folder, 'assets'), { recursive: true, force: true }),
    closeBundle: () => {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/^files\.txt$|\.class$/.test(entry.name))
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
    emptyOutDir: false,
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
