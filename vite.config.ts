import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

const OUT = path.join(import.meta.dirname, 'dist/web')

/** Compresses once, here, what would be compressed for every visitor: the server sends the files as they lie. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  closeBundle() {
    const assets = path.join(OUT, 'assets')
    for (const name of readdirSync(assets)) {
      if (!/\.(js|css|ttf)$/.test(name)) continue
      const file = path.join(assets, name)
      const content = readFileSync(file)
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
      writeFileSync(
        `${file}.br`,
        brotliCompressSync(content, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
        }),
      )
    }
  },
}

/** The file that a page begins with. */
export const page = (name: 'dashboard' | 'graphiql') => path.join(import.meta.dirname, `src/dashboard/web/${name}.html`)

/** The pages that run in a browser, built to files that this server serves itself. */
export default defineConfig({
  root: path.join(import.meta.dirname, 'src/dashboard/web'),
  base: '/',
  // Scripts find each other wherever they lie; in the pages the server puts its own path before their addresses.
  experimental: { renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }) },
  plugins: [compressed],
  // The server puts a nonce of its own into each copy of a page that it sends: dashboard.route.ts.
  html: { cspNonce: '{csp-nonce}' },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    chunkSizeWarningLimit: 8000,
    rolldownOptions: { input: [page('dashboard'), page('graphiql')] },
  },
  logLevel: 'error',
})
