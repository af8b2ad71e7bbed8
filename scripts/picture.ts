/**
 * npm run picture: draws which room (folder of src/) imports which, into docs/architecture.md.
 *
 *   npm run picture              writes the picture anew
 *   npm run picture -- --check   fails where the page shows another one
 *
 * dependency-cruiser says what imports what. Files that lie in src/ itself are one room, the wiring, or tools
 * that everybody uses, which the picture leaves out.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

interface Module {
  source: string
  dependencies: { resolved: string; dependencyTypes: string[] }[]
}

const root = path.join(import.meta.dirname, '..')
const PAGE = 'docs/architecture.md'
const BEGIN = '<!-- picture: written by npm run picture -->'
const END = '<!-- /picture -->'
const WIRING = 'wiring'
/** Files of src/ that build and run the server. The others are tools. */
const WIRING_FILES = new Set(['server.ts', 'app.ts', 'emit.ts', 'http.ts', 'orm.ts'])

/** Which rooms each room imports, and whether anything of it is left at run time. */
type Imports = Map<string, Map<string, 'values' | 'types'>>

function modules(): Module[] {
  const { status, stdout, stderr } = spawnSync(
    path.join(root, 'node_modules', '.bin', 'depcruise'),
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  if (status !== 0 || !stdout.startsWith('{')) throw new Error(`dependency-cruiser failed.\n${stderr}`)
  return JSON.parse(stdout).modules
}

function roomOf(file: string): string | null {
  const [, room, name = ''] = /^src\/(?:([^/]+)\/)?(.+)$/.exec(file) ?? []
  return room ?? (WIRING_FILES.has(name) ? WIRING : null)
}

function importsOf(all: Module[]): Imports {
  const imports: Imports = new Map()
  for (const { source, dependencies } of all) {
    const from = roomOf(source)
    if (from === null) continue
    const targets = imports.get(from) ?? new Map()
    imports.set(from, targets)
    for (const { resolved, dependencyTypes } of dependencies) {
      const to = roomOf(resolved)
      if (to === null || to === from) continue
      if (!dependencyTypes.includes('type-only')) targets.set(to, 'values')
      else if (!targets.has(to)) targets.set(to, 'types')
    }
  }
  return imports
}

/** Whether `to` can be reached from `from` in more than one step. */
function isReachedOtherwise(imports: Imports, from: string, to: string): boolean {
  const seen = new Set<string>()
  const next = [...(imports.get(from)?.keys() ?? [])].filter((room) => room !== to)
  for (let room = next.pop(); room !== undefined; room = next.pop()) {
    if (room === to) return true
    if (seen.has(room)) continue
    seen.add(room)
    next.push(...(imports.get(room)?.keys() ?? []))
  }
  return false
}

function picture(imports: Imports): string {
  const rooms = [...imports.keys()].sort()
  const lines = rooms.map((room) =>
    room === WIRING ? `  ${room}["server.ts, app.ts, …"]` : `  ${room.replaceAll('-', '_')}["${room}/"]`,
  )
  for (const from of rooms)
    for (const [to, what] of [...(imports.get(from) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1)))
      if (!isReachedOtherwise(imports, from, to))
        lines.push(`  ${from} ${what === 'values' ? '-->' : '-.->'} ${to}`.replaceAll(/(\w)-(?=\w)/g, '$1_'))
  return `${BEGIN}\n\n\`\`\`mermaid\ngraph TD\n${lines.join('\n')}\n\`\`\`\n\n${END}`
}

const file = path.join(root, PAGE)
const page = readFileSync(file, 'utf8')
const begin = page.indexOf(BEGIN)
const end = page.indexOf(END)
if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for the picture: ${BEGIN} … ${END}`)
const drawn = page.slice(0, begin) + picture(importsOf(modules())) + page.slice(end + END.length)
if (drawn !== page && process.argv.includes('--check')) {
  process.stderr.write(`The picture in ${PAGE} is not what the code imports. Run: npm run picture\n`)
  process.exit(1)
}
writeFileSync(file, drawn)
