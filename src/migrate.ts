/**
 * `npm run migrate`: applies pending migrations as the owner of the tables (VALETKEY_MIGRATION_DATABASE_URL), and lets
 * the login of DATABASE_URL in, so that the server itself needs neither the address nor the rights of the owner.
 */
import 'reflect-metadata'
import { readConfig } from './config.js'
import { StartRefused } from './errors.js'
import { migrateAsOwner } from './orm.js'

async function main() {
  const { databaseUrl, migrationDatabaseUrl, retention } = readConfig()
  if (databaseUrl === null)
    throw new StartRefused(['DATABASE_URL is not set: the embedded database is migrated when the server starts.'])
  await migrateAsOwner(databaseUrl, migrationDatabaseUrl, retention.auditDays)
}

main().catch((error) => {
  const reasons = error instanceof StartRefused ? error.reasons : [(error as Error).stack ?? String(error)]
  process.stderr.write(`Nothing was migrated.\n${reasons.map((reason) => `  ${reason}`).join('\n')}\n`)
  process.exitCode = 1
})
