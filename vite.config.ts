import path from 'node:path'
import { defineConfig } from 'vite'

/** The pages that run in a browser, built to files that this server serves itself. */
export default defineConfig({
  root: path.join(import.meta.dirname, 'src/dashboard/web'),
  base: '/',
  build: {
    outDir: path.join(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      input: ['dashboard', 'graphiql'].map((page) => path.join(import.meta.dirname, `src/dashboard/web/${page}.html`)),
    },
  },
  logLevel: 'error',
})
