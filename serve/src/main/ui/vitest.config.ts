import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The tests stand where Maven expects tests, outside this folder.
  server: { fs: { strict: false } },
  test: {
    globals: true,
    environment: 'jsdom',
    setupFiles: ['./vitest.setup.ts'],
    include: ['../../test/ui/unit/**/*.test.ts'],
    environmentOptions: { jsdom: { url: 'http://localhost/' } },
  },
});
