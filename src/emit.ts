/**
 * The part of `npm run emit` that needs the compiled code and a database: writes what code and migrations say, and
 * fails where they do not agree.
 *
 *   node dist/src/emit.js                          schema.graphql, possible-types.json, permissions.md,
 *                                                  connector.schema.json and triggers.sql, in schema/
 *   node dist/src/emit.js --migration what         migrations/Migration<time>_what.ts and .snapshot.json, where
 *                                                  entities changed
 *   node dist/src/emit.js --migration what --blank an empty one
 */
import 'reflect-metadata'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { MikroORM } from '@mikro-orm/postgresql'
import { type GraphQLSchema, isAbstractType, printSchema } from 'graphql'
import type { Pool } from 'pg'
import { USE_CASES } from './callers/use-cases.js'
import { connectorJsonSchema } from './connectors/definition.js'
import { startEmbedded, temporaryDataDirectory } from './database/embedded.js'
import { createSchema } from './graphql/schema.js'
import { migrate, openOrm, ormOptions } from './orm.js'
import { packageRoot } from './package-root.js'

const MIGRATIONS = path.join(packageRoot, 'migrations')
const TRIGGERS = path.join(packageRoot, 'schema', 'triggers.sql')

const { values } = parseArgs({ options: { migration: { type: 'string' }, blank: { type: 'boolean', default: false } } })
const directory = temporaryDataDirectory('emit')
const embedded = await startEmbedded(directory, false)
try {
  if (values.migration) await writeMigration(embedded.ownerUrl, values.migration, values.blank)
  else {
    writeSchemas()
    await checkDatabase(embedded.ownerUrl)
  }
} finally {
  await embedded.stop()
  rmSync(directory, { recursive: true, force: true })
}

function writeSchemas() {
  const schema = createSchema(null)
  writeFileSync(
    path.join(packageRoot, 'schema', 'schema.graphql'),
    `# Emitted from the code by npm run emit; changes belong there.\n\n${printSchema(schema)}\n`,
  )
  writeFileSync(
    path.join(packageRoot, 'schema', 'possible-types.json'),
    `${JSON.stringify(possibleTypes(schema), null, 2)}\n`,
  )
  writeFileSync(
    path.join(packageRoot, 'schema', 'connector.schema.json'),
    `${JSON.stringify(connectorJsonSchema(), null, 2)}\n`,
  )
  writeFileSync(path.join(packageRoot, 'schema', 'permissions.md'), permissionsTable())
}

/** What caches of clients need to know of unions and interfaces, as Apollo Client's `possibleTypes` takes it. */
function possibleTypes(schema: GraphQLSchema): Record<string, string[]> {
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType)
  return Object.fromEntries(abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]))
}

/** The decisions about use cases, for people: a change of one is seen in a change of this file. */
function permissionsTable(): string {
  const answer = (yes: boolean) => (yes ? 'yes' : 'no')
  const rows = Object.entries(USE_CASES).map(([name, { needs, reach }]) => {
    const cells = [`\`${name}\``, needs.join(' or ') || 'none', answer(reach !== 'server'), answer(reach === 'account')]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '<!-- Emitted from the code by npm run emit; changes belong there. -->\n',
    '# Who may do what\n',
    'Fields that are not listed are parts of what they are in, and are for whoever may see that. An argument in ' +
      'brackets needs more than the operation.\n',
    '| Operation | Permission | For keys that are bound to connections | For keys that are bound to identifiers |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** Entities, snapshot and migrations have to say the same; what MikroORM knows nothing of is written down. */
async function checkDatabase(url: string) {
  const { orm, pool } = await openOrm(url, undefined, 'owner')
  await migrate(orm, pool)
  const triggers = await describeTriggers(pool)
  await orm.close(true)
  if (existsSync(TRIGGERS) && readFileSync(TRIGGERS, 'utf8') !== triggers)
    process.stderr.write(
      'The migrations make other triggers or functions than schema/triggers.sql said; now it says what they make. ' +
        'To change one, write a migration: npm run migration -- what-changed --blank\n',
    )
  writeFileSync(TRIGGERS, triggers)

  const comparing = await ormOfSources(url)
  const difference = (await comparing.schema.getUpdateSchemaSQL({ wrap: false })).trim()
  if (await comparing.migrator.checkSchema())
    refuse('An entity changed without a migration. Run: npm run migration -- what-changed')
  else if (difference)
    refuse(
      `The migrations make another database than the entities describe. To come to theirs it takes:\n${difference}`,
    )
  await comparing.close(true)
}

async function writeMigration(url: string, name: string, blank: boolean) {
  const orm = await ormOfSources(url, { migrationsList: undefined })
  await orm.migrator.create(MIGRATIONS, blank, false, name)
  await orm.close(true)
}

/**
 * An ORM that finds the migrations' sources and their snapshot,
 * and leaves triggers and functions to the migrations.
 */
function ormOfSources(url: string, more: { migrationsList?: undefined } = {}): Promise<MikroORM> {
  const options = ormOptions(url)
  return MikroORM.init({
    ...options,
    migrations: { ...options.migrations, path: MIGRATIONS, pathTs: MIGRATIONS, emit: 'ts', ...more },
    schemaGenerator: { ...options.schemaGenerator, ignoreTriggers: true, ignoreRoutines: true },
  })
}

/**
 * The functions and triggers of a migrated database, as PostgreSQL writes them down;
 * those of extensions are not ours.
 */
async function describeTriggers(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ definition: string }>(`
    with ours as (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
    (select pg_get_functiondef(oid) as definition from pg_proc
      where pronamespace in (select oid from ours) and prokind in ('f', 'p')
        and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
      order by pronamespace::regnamespace::text, proname, pg_get_function_identity_arguments(oid))
    union all
    (select pg_get_triggerdef(pg_trigger.oid) from pg_trigger join pg_class on pg_class.oid = tgrelid
      where not tgisinternal and tgparentid = 0 and relnamespace in (select oid from ours)
      order by relnamespace::regnamespace::text, relname, tgname)`)
  return [
    '-- Written by npm run emit: the functions and triggers that the migrations make. ' +
      'To change one, write a migration.\n',
    ...rows.map(({ definition }) => `${definition.trimEnd()};\n`),
  ].join('\n')
}

function refuse(sentence: string) {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}
