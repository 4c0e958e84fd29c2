import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globals: true,
    environment: 'jsdom',
    setupFiles: ['../../test/ui/unit/setup.ts'],
    include: ['../../test/ui/unit/**/*.test.ts'],
    environmentOptions: { jsdom: { url: 'http://localhost/' } },
  },
});
