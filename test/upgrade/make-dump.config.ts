/** `npm run upgrade:dump`: makes a dump with the parts that the tests have. */
import { defineConfig } from 'vitest/config'
import tests from '../../vitest.config.js'

export default defineConfig({
  ...tests,
  root: '.',
  test: { ...tests.test, include: ['test/upgrade/make-dump.ts'], testTimeout: 300_000 },
})
