import { defineConfig } from 'vitest/config'

export default defineConfig({
  // type-graphql and Apollo each load graphql their own way; one of them is enough.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/database.ts',
    setupFiles: ['reflect-metadata'],
    server: { deps: { inline: [/type-graphql/, /graphql-scalars/] } },
    maxWorkers: 2,
    // Every file has databases and servers of its own; loading the same modules for each would cost half a minute.
    isolate: false,
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
