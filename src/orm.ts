/** Configures MikroORM with every entity, and opens the database. */
import { Migrator } from '@mikro-orm/migrations'
import { defineConfig, MikroORM, type Options } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import connectionString from 'pg-connection-string'
import { MIGRATIONS } from '../migrations/index.js'
import { AuditEvent } from './audit/audit-event.js'
import { AuthorizationLink } from './authorization/authorization-link.js'
import { AuthorizationRequest } from './authorization/authorization-request.secret.js'
import { PendingVerification } from './authorization/pending-verification.secret.js'
import { ApiKey } from './callers/api-key.js'
import { ApiKeySecret } from './callers/api-key.secret.js'
import { Session } from './callers/session.secret.js'
import { setClock } from './clock.js'
import { ConnectedAccount } from './connected-accounts/connected-account.js'
import { Connection } from './connections/connection.js'
import { ConnectionSecret } from './connections/connection.secret.js'
import { CustomConnector } from './connectors/custom-connector.js'
import { Credential } from './credentials/credential.secret.js'
import { StartRefused } from './errors.js'
import { PlaygroundRecord } from './playground/playground-record.js'
import { RefreshAnswer } from './refresh/answer.secret.js'
import { RefreshLease } from './refresh/lease.secret.js'
import { RefreshSlot } from './refresh/slot.secret.js'
import { DataKey } from './vault/data-key.secret.js'

/** Options for MikroORM. @param poolSize largest number of database sessions */
export function ormOptions(databaseUrl: string, poolSize = 20): Options {
  return defineConfig({
    entities: [
      ApiKey,
      ApiKeySecret,
      AuditEvent,
      AuthorizationLink,
      AuthorizationRequest,
      ConnectedAccount,
      Connection,
      ConnectionSecret,
      Credential,
      CustomConnector,
      DataKey,
      PendingVerification,
      PlaygroundRecord,
      RefreshAnswer,
      RefreshLease,
      RefreshSlot,
      Session,
    ],
    dbName: connectionString.parse(databaseUrl).database ?? 'postgres',
    driverOptions: {
      connectionString: databaseUrl,
      max: poolSize,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 10_000,
      idle_in_transaction_session_timeout: 10_000,
      application_name: 'valetkey',
    },
    forceUtcTimezone: true,
    extensions: [Migrator],
    migrations: {
      path: 'migrations',
      migrationsList: MIGRATIONS,
      snapshotName: '.snapshot',
      snapshotOnMigrate: false,
      disableForeignKeys: false,
    },
    ignoreUndefinedInQuery: true,
    logger: () => {},
  })
}

/**
 * Opens the database.
 *
 * @returns MikroORM, and its pool for our own SQL
 * @throws {StartRefused} where the database cannot be reached
 */
export async function openOrm(
  databaseUrl: string,
  poolSize?: number,
): Promise<{ orm: MikroORM; pool: Pool; url: string }> {
  const orm = await MikroORM.init(ormOptions(databaseUrl, poolSize))
  try {
    const pool = await (orm.em.getConnection() as unknown as { getNativeClient(): Promise<Pool> }).getNativeClient()
    await setClock(pool)
    return { orm, pool, url: databaseUrl }
  } catch (error) {
    await orm.close(true)
    throw new StartRefused([`The database cannot be reached: ${(error as Error).message}`])
  }
}

/** Applies pending migrations. A lock lets only one replica do so at a time. */
export async function migrate(orm: MikroORM, pool: Pool) {
  const client = await pool.connect()
  try {
    await client.query("set statement_timeout = 0; select pg_advisory_lock(hashtext('valetkey.migrate'))")
    await orm.migrator.up()
  } finally {
    // Ending the session releases the lock.
    client.release(true)
  }
}

/** Whether every migration of this version has been applied. */
export async function schemaIsCurrent(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query('select name from mikro_orm_migrations')
  const applied = new Set(rows.map(({ name }) => name))
  return MIGRATIONS.every(({ name }) => applied.has(name))
}
