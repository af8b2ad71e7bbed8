/** Configures MikroORM with every entity, and opens the database. */
import type { DriverException } from '@mikro-orm/core'
import { Migrator } from '@mikro-orm/migrations'
import { DataloaderType, defineConfig, MikroORM, type Options, PostgreSqlDriver } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import connectionString from 'pg-connection-string'
import { MIGRATIONS } from '../migrations/index.js'
import { AuditEvent } from './audit/audit-event.js'
import { AuthorizationLink } from './authorization/authorization-link.js'
import { AuthorizationRequest, SEALED_REQUESTS } from './authorization/authorization-request.secret.js'
import { PendingChoice, SEALED_CHOICES } from './authorization/pending-choice.secret.js'
import { PendingVerification, SEALED_GRANTS } from './authorization/pending-verification.secret.js'
import { ApiKey } from './callers/api-key.js'
import { ApiKeySecret } from './callers/api-key.secret.js'
import { Session } from './callers/session.secret.js'
import { setClock } from './clock.js'
import { ConnectedAccount } from './connected-accounts/connected-account.js'
import { Connection } from './connections/connection.js'
import { ConnectionSecret, SEALED_CONNECTIONS } from './connections/connection.secret.js'
import { CustomConnector } from './connectors/custom-connector.js'
import { Credential, SEALED_CREDENTIALS } from './credentials/credential.secret.js'
import { connectionOptions, letIn, mayWorkAsServer, type Rights, SERVER_ROLE } from './database/server-role.js'
import { shareOut } from './database/shares.js'
import { StartRefused, ValetkeyError } from './errors.js'
import { LimitCount } from './limits/limit-count.js'
import { PlaygroundRecord } from './playground/playground-record.js'
import { RefreshAnswer } from './refresh/answer.secret.js'
import { SEALED_ANSWERS } from './refresh/answers.js'
import { RefreshLease } from './refresh/lease.secret.js'
import { RefreshSlot } from './refresh/slot.secret.js'
import { DataKey } from './vault/data-key.secret.js'
import type { SealedTable } from './vault/sealed-tables.js'

/** Passes on what a caller should read: a session could not be had in time (database/shares.ts). */
class Driver extends PostgreSqlDriver {
  override convertException(error: Error): DriverException {
    return error instanceof ValetkeyError ? (error as unknown as DriverException) : super.convertException(error)
  }
}

/** What the server may do to tables of the owner's (database/server-role.ts). */
const RIGHTS: Rights = {
  append: ['audit_event', 'audit_batch'],
  read: ['audit_expiry', 'audit_setting', 'mikro_orm_migrations'],
  call: ['audit_prepare()', 'audit_expire(date, bigint, bigint, int, bigint, timestamptz, uuid, bytea)'],
  own: ['valetkey_jobs'],
}

/** Every table with sealed values. */
export const SEALED_TABLES: readonly SealedTable[] = [
  SEALED_CREDENTIALS,
  SEALED_CONNECTIONS,
  SEALED_GRANTS,
  SEALED_REQUESTS,
  SEALED_CHOICES,
  SEALED_ANSWERS,
]

/**
 * Options for MikroORM.
 *
 * @param poolSize largest number of database sessions
 * @param role that they work as; undefined for the login of the address
 */
export function ormOptions(databaseUrl: string, poolSize = 20, role?: string): Options {
  return defineConfig({
    driver: Driver,
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
      LimitCount,
      PendingChoice,
      PendingVerification,
      PlaygroundRecord,
      RefreshAnswer,
      RefreshLease,
      RefreshSlot,
      Session,
    ],
    dbName: connectionString.parse(databaseUrl).database ?? 'postgres',
    driverOptions: {
      ...connectionOptions(databaseUrl, role),
      max: poolSize,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 10_000,
      idle_in_transaction_session_timeout: 10_000,
      application_name: 'valetkey',
      onPoolCreated: (pool: Pool) => shareOut(pool, poolSize),
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
    // Partitions, and what is written by SQL alone: their migrations are written by hand.
    schemaGenerator: { skipTables: [/^audit_/] },
    ignoreUndefinedInQuery: true,
    // The references of a list's items are read in one statement.
    dataloader: DataloaderType.REFERENCE,
    logger: () => {},
  })
}

/**
 * Opens the database: as the role of the server where its login may, and with the login's own rights otherwise, or for
 * who has to migrate.
 *
 * @param as `owner` for migrations
 * @returns MikroORM, and its pool for our own SQL
 * @throws {StartRefused} where the database cannot be reached
 */
export async function openOrm(
  databaseUrl: string,
  poolSize?: number,
  as: 'server' | 'owner' = 'server',
): Promise<{ orm: MikroORM; pool: Pool; url: string }> {
  const role = as === 'server' && (await mayWorkAsServer(databaseUrl, 'audit_event')) ? SERVER_ROLE : undefined
  const orm = await MikroORM.init(ormOptions(databaseUrl, poolSize, role))
  try {
    const pool = await (orm.em.getConnection() as unknown as { getNativeClient(): Promise<Pool> }).getNativeClient()
    await setClock(pool)
    return { orm, pool, url: databaseUrl }
  } catch (error) {
    await orm.close(true)
    throw new StartRefused([`The database cannot be reached: ${(error as Error).message}`])
  }
}

/** What a migration is to know of the server. */
export interface Letting {
  /** The login that the server has; null where it is the owner's, and the server works as SERVER_ROLE. */
  login: string | null
  /** Days for which the audit log is kept at the least; 0 for ever. */
  auditDays?: number
}

/**
 * Applies pending migrations, and lets the role of the server in. A lock lets only one replica do so at a time.
 *
 * @returns null, or why the role could not be let in
 */
export async function migrate(orm: MikroORM, pool: Pool, letting: Letting = { login: null }): Promise<string | null> {
  const client = await pool.connect()
  try {
    await client.query("set statement_timeout = 0; select pg_advisory_lock(hashtext('valetkey.migrate'))")
    await orm.migrator.up()
    await client.query('select audit_prepare()')
    if (letting.auditDays !== undefined)
      await client.query('update audit_setting set keep_days = $1 where keep_days <> $1', [letting.auditDays])
    return await letIn(client, letting.login, RIGHTS)
  } finally {
    // Ending the session releases the lock.
    client.release(true)
  }
}

/**
 * Migrates as the owner, if that is asked for or needed.
 *
 * @param ownerUrl the owner's login; null where it is the server's own
 * @throws {StartRefused} where the schema is not current, and the server's login may not change it
 */
export async function migrateAsOwner(serverUrl: string, ownerUrl: string | null, auditDays: number) {
  const { orm, pool } = await openOrm(ownerUrl ?? serverUrl, 2, 'owner')
  try {
    if (ownerUrl === null && !(await mayMigrate(pool))) {
      if (await schemaIsCurrent(pool)) return
      throw new StartRefused([
        'The schema of the database is not current, and the login of DATABASE_URL may not change it. ' +
          'Run npm run migrate with VALETKEY_MIGRATION_DATABASE_URL, or set it for the server.',
      ])
    }
    const login = ownerUrl === null ? null : (connectionString.parse(serverUrl).user ?? null)
    const reason = await migrate(orm, pool, { login, auditDays })
    if (reason !== null && login !== null)
      throw new StartRefused([`The login ${login} could not be let in to the database: ${reason}`])
  } finally {
    await orm.close(true)
  }
}

/** Whether this login owns the tables, or there are none yet. */
async function mayMigrate(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query(
    `select coalesce(
      (select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass('mikro_orm_migrations')), true
    ) as may`,
  )
  return rows[0].may
}

/** Whether every migration of this version has been applied. */
export async function schemaIsCurrent(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query('select name from mikro_orm_migrations')
  const applied = new Set(rows.map(({ name }) => name))
  return MIGRATIONS.every(({ name }) => applied.has(name))
}
