/**
 * Writes what is generated from the code, and must equal it: `schema/schema.graphql`, `schema/connector.schema.json`, and, when asked
 * for one by name, the migration that brings the database to what the entities say.
 *
 *   npm run emit                      the schemas; fails where an entity has no migration
 *   npm run emit -- add-something     the same, after writing migrations/<time>_add-something.ts
 */
import 'reflect-metadata'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { MikroORM } from '@mikro-orm/postgresql'
import { printSchema } from 'graphql'
import { connectorJsonSchema } from './connectors/definition.js'
import { startEmbedded, temporaryDataDirectory } from './database/embedded.js'
import { createSchema } from './graphql/schema.js'
import { ormOptions } from './orm.js'
import { packageRoot } from './package-root.js'

writeFileSync(
  path.join(packageRoot, 'schema', 'schema.graphql'),
  `# Emitted from the code by npm run emit; changes belong there.\n\n${printSchema(createSchema(null))}\n`,
)
writeFileSync(
  path.join(packageRoot, 'schema', 'connector.schema.json'),
  `${JSON.stringify(connectorJsonSchema(), null, 2)}\n`,
)

const name = process.argv[2]
const directory = temporaryDataDirectory('emit')
const database = await startEmbedded(directory, false)
try {
  const options = ormOptions(database.url)
  const migrations = path.join(packageRoot, 'migrations')
  const orm = await MikroORM.init({
    ...options,
    migrations: {
      ...options.migrations,
      path: migrations,
      pathTs: migrations,
      emit: 'ts',
      ...(name ? { migrationsList: undefined } : {}),
    },
  })
  if (name) {
    const { fileName } = await orm.migrator.create(migrations, false, false, name)
    process.stdout.write(
      fileName ? `Wrote ${fileName}; list it in migrations/index.ts.\n` : 'The entities need no migration.\n',
    )
  } else if (await orm.migrator.checkSchema()) {
    process.stderr.write('An entity changed without a migration. Run: npm run emit -- what-changed\n')
    process.exitCode = 1
  }
  await orm.close(true)
} finally {
  await database.stop()
  rmSync(directory, { recursive: true, force: true })
}
