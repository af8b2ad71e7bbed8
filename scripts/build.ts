/**
 * Builds what changed since it was built, and says so; says nothing where there is nothing to do.
 *
 *   node scripts/build.ts [server] [dashboard]      both where none is named
 *
 * What something was built from is known by a fingerprint of its sources, beside what was built. Times would not do: a
 * checkout of another branch, a copy or a deleted file can leave them as they were.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, run, say } from './run.ts'

const PARTS = {
  server: {
    sources: ['src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    built: 'dist/src',
    seconds: 3,
    build() {
      // Without its output the compiler's memory of it is wrong.
      if (!existsSync(path.join(root, 'dist/src/server.js')))
        rmSync(path.join(root, 'dist/.tsbuildinfo'), { force: true })
      run('tsc', '-p', 'tsconfig.build.json')
    },
  },
  dashboard: {
    sources: ['src/dashboard/web', 'vite.config.ts', 'package-lock.json'],
    built: 'dist/web',
    seconds: 10,
    build: () => run('vite', 'build'),
  },
}

/** What lies below src and is not compiled with the server: pages, and the catalogue, which is seen to below. */
const APART = ['src/dashboard/web', 'src/connectors/catalogue']

/** Of names and contents. */
function fingerprint(part: keyof typeof PARTS): string {
  const hash = createHash('sha256')
  const take = (file: string) => {
    if (part === 'server' && APART.includes(file)) return
    const at = path.join(root, file)
    if (statSync(at).isDirectory()) for (const name of readdirSync(at).sort()) take(`${file}/${name}`)
    else hash.update(`${file}\0`).update(readFileSync(at)).update('\0')
  }
  for (const source of PARTS[part].sources) take(source)
  return hash.digest('hex')
}

const asked = process.argv.slice(2)
for (const part of ['server', 'dashboard'] as const) {
  if (asked.length > 0 && !asked.includes(part)) continue
  const { built, seconds, build } = PARTS[part]
  const stamp = path.join(root, built, '.built-from')
  const now = fingerprint(part)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue
  say(`Building the ${part} (about ${seconds} s; only the first time, and after a change)…`)
  build()
  writeFileSync(stamp, now)
}
// It goes by times, and takes none where nothing changed.
if (existsSync(path.join(root, 'dist/src'))) run('node', 'dist/src/connectors/catalogue-files.js')
