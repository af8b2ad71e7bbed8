/**
 * Writes everything that is generated and committed, and fails where the code asks for something that is not there yet.
 *
 *   npm run emit                        after any change
 *   npm run migration -- what-changed   after a change to an entity: the migration as well
 *   npm run migration -- what-changed --blank   a migration to be written by hand: a trigger, or data
 *
 * In this order, since each builds on the one before:
 *
 *   migrations/index.ts          the list of the migrations in that folder
 *   src/connectors/icons.json    the brands' icons that the catalogue names
 *   src/dashboard/documents.json the documents that the dashboard sends, by their hashes
 *   schema/*                     what the compiled code and its migrations say: src/emit.ts
 *   generated/*                  types of the documents of tests and dashboard: codegen.yml
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parse as parseDocument, print, separateOperations } from 'graphql'
import { parse } from 'yaml'
import { root, run, runQuietly, say, write } from './run.ts'

/** The migrations are those of the folder, in the order of their names, which begin with the time. */
function writeMigrationIndex() {
  const names = readdirSync(path.join(root, 'migrations'))
    .filter((file) => /^Migration.*\.ts$/.test(file))
    .map((file) => path.basename(file, '.ts'))
    .sort()
  for (const name of names) {
    if (!readFileSync(path.join(root, 'migrations', `${name}.ts`), 'utf8').includes(`export class ${name} `))
      refuse(`migrations/${name}.ts exports no class ${name}: a migration is known by the name of its file.`)
  }
  write(
    'migrations/index.ts',
    `// Written by npm run emit: the migrations of this folder.
    import type { Migration } from '@mikro-orm/migrations'
    ${names.map((name) => `import { ${name} } from './${name}.js'`).join('\n')}

    /**
     * Every migration, in order.
     * They follow expand and contract: the last version goes on working while the next one starts.
     */
    export const MIGRATIONS: {
      name: string
      class: new (...args: ConstructorParameters<typeof Migration>) => Migration
    }[] = [${names.map((name) => `{ name: '${name}', class: ${name} },`).join('\n')}]
    `,
  )
}

/**
 * What the server needs of the package simple-icons (CC0), which has 25 MB more: the path of each brand in a box
 * of 24. What its versions have had, and this one has not, is in src/connectors/icons.
 */
function writeIcons() {
  const catalogue = path.join(root, 'src', 'connectors', 'catalogue')
  const paths: Record<string, string> = {}
  for (const file of readdirSync(catalogue).filter((name) => name.endsWith('.yaml'))) {
    const brand: unknown = parse(readFileSync(path.join(catalogue, file), 'utf8'))?.icon?.simpleIcons
    if (typeof brand === 'string') paths[brand] ??= iconOf(brand, file)
  }
  const sorted = Object.entries(paths).sort(([one], [other]) => (one < other ? -1 : 1))
  write('src/connectors/icons.json', JSON.stringify(Object.fromEntries(sorted)))
}

function iconOf(brand: string, file: string): string {
  const inPackage = path.join(root, 'node_modules', 'simple-icons', 'icons', `${brand}.svg`)
  const ours = path.join(root, 'src', 'connectors', 'icons', `${brand}.svg`)
  const svg = [inPackage, ours].find((candidate) => existsSync(candidate))
  if (!svg)
    return refuse(
      `src/connectors/catalogue/${file} names the icon ${brand}, which neither the package simple-icons nor ` +
        'src/connectors/icons has.',
    )
  return /<path d="([^"]+)"/.exec(readFileSync(svg, 'utf8'))?.[1] ?? refuse(`The icon ${brand} is not one path.`)
}

/** The dashboard's documents, each with the fragments that it uses. Where only registered ones run, these do. */
function writeDashboardDocuments() {
  const folder = path.join(root, 'src', 'dashboard', 'web', 'documents')
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'))
  const all = parseDocument(files.map((name) => readFileSync(path.join(folder, name), 'utf8')).join('\n'))
  const texts = Object.values(separateOperations(all)).map((document) => print(document))
  const byId = texts.map((text) => [`sha256:${createHash('sha256').update(text).digest('hex')}`, text])
  write('src/dashboard/documents.json', JSON.stringify(Object.fromEntries(byId.sort()), null, 2))
}

/** The formatter breaks no string: long SQL is broken here, at each column, so that no line is over 120 columns. */
function breakLines(file: string) {
  const broken = readFileSync(file, 'utf8').replace(/^.{121,}$/gm, (line) =>
    line.replace(/, (?="\w+" [a-z]|add |drop |alter |primary key|constraint )/g, ',\n        '),
  )
  writeFileSync(file, broken)
}

function refuse(sentence: string): never {
  say(sentence)
  process.exit(1)
}

function compile() {
  writeMigrationIndex()
  run('node', 'scripts/build.ts', 'server')
}

const { values, positionals } = parseArgs({
  options: { migration: { type: 'boolean' }, blank: { type: 'boolean' } },
  allowPositionals: true,
})
const [name = '', ...more] = positionals
if (!values.migration && name) refuse('A migration is written by: npm run migration -- what-changed')
if (values.migration && (!/^[a-z][a-z0-9_-]*$/.test(name) || more.length > 0))
  refuse('Say in a word or two what changed: npm run migration -- what-changed')

writeIcons()
writeDashboardDocuments()
compile()
if (values.migration) {
  const before = new Set(readdirSync(path.join(root, 'migrations')))
  run('node', 'dist/src/emit.js', '--migration', name.replaceAll('-', '_'), ...(values.blank ? ['--blank'] : []))
  const [written] = readdirSync(path.join(root, 'migrations')).filter((file) => !before.has(file))
  if (!written)
    refuse(
      'The entities need no migration. For one to be written by hand (a trigger, data): ' +
        'npm run migration -- what-changed --blank',
    )
  breakLines(path.join(root, 'migrations', written))
  runQuietly('biome', 'check', '--write', '--log-level=error', `migrations/${written}`)
  say(`Wrote migrations/${written}.`)
  compile()
}
run('node', 'dist/src/emit.js')
runQuietly('graphql-codegen', '--config', 'codegen.yml')
