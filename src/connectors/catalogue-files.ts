/**
 * The catalogue's files, parsed. Parsing 500 YAML files takes half a second, so the build parses them
 * into one JSON file; a YAML file that has changed since then is parsed when it is read.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { packageRoot } from '../package-root.js'

const FOLDER = path.join(packageRoot, 'src', 'connectors', 'catalogue')
const COMPILED = path.join(packageRoot, 'dist', 'catalogue.json')

type Parsed = Record<string, { changed: number; value: unknown }>

/**
 * @param folder below the catalogue; empty for the catalogue itself
 * @param faults receives a message for each file that is not valid YAML
 */
export function catalogueFiles(folder: 'bases' | '', faults: string[]): { file: string; value: unknown }[] {
  const compiled: Parsed = existsSync(COMPILED) ? JSON.parse(readFileSync(COMPILED, 'utf8')) : {}
  return Object.entries(readFolder(folder, compiled, faults)).map(([name, { value }]) => ({
    file: path.basename(name),
    value,
  }))
}

function readFolder(folder: string, compiled: Parsed, faults: string[]): Parsed {
  const names = readdirSync(path.join(FOLDER, folder)).filter((file) => file.endsWith('.yaml'))
  const entries = names.flatMap((file): [string, Parsed[string]][] => {
    const name = path.join(folder, file)
    const changed = statSync(path.join(FOLDER, name)).mtimeMs
    const earlier = compiled[name]
    if (earlier?.changed === changed) return [[name, earlier]]
    try {
      return [[name, { changed, value: parse(readFileSync(path.join(FOLDER, name), 'utf8')) }]]
    } catch (error) {
      faults.push(`${file}: ${(error as Error).message}`)
      return []
    }
  })
  return Object.fromEntries(entries)
}

/** The build runs `node dist/src/connectors/catalogue-files.js`. Faults are ignored here; the start reports them. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(path.dirname(COMPILED), { recursive: true })
  const before: Parsed = existsSync(COMPILED) ? JSON.parse(readFileSync(COMPILED, 'utf8')) : {}
  const after = { ...readFolder('', before, []), ...readFolder('bases', before, []) }
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    // Renamed into place, because another process may be reading it.
    writeFileSync(`${COMPILED}.${process.pid}`, JSON.stringify(after))
    renameSync(`${COMPILED}.${process.pid}`, COMPILED)
  }
}
