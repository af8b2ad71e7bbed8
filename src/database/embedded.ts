/**
 * The embedded PostgreSQL: PostgreSQL's binaries from the npm registry, run as a separate process.
 *
 *   no cluster ──initdb──▶ cluster ──postgres──▶ running ──lock──▶ ours
 *   running, since its server was killed ──────────────────lock──▶ ours (adopted)
 *   running, locked by another server ──▶ StartRefused
 *
 *   cluster-location.ts   where binaries, cluster and socket are, and as which user they run
 *   postgres-process.ts   initdb, starting and stopping
 *   ownership.ts          the lock
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { chooseLocation, postgresUser, socketDirectory } from './cluster-location.js'
import { ownCluster } from './ownership.js'
import { type Connect, initialise, SUPERUSER, startPostgres, stopPostgres } from './postgres-process.js'
import { SERVER_ROLE } from './server-role.js'

/** A running embedded database. */
export interface EmbeddedDatabase {
  /** Connection string for `pg`, with the socket's directory, of the server's login: it owns no table. */
  url: string
  /** The same of the superuser, who does. */
  ownerUrl: string
  /** Where the cluster's files are. */
  cluster: string
  /** Whether this start took over the running PostgreSQL of a server that was killed. */
  adopted: boolean
  /** Releases the lock and stops PostgreSQL, waiting for its clean end. */
  stop(): Promise<void>
}

const DATABASE = 'valetkey'

/**
 * Starts PostgreSQL, or adopts a running one, and creates the database.
 *
 * @param dataDirectory absolute; created when missing, with access for its owner only
 * @param durable false: no fsync, for tests
 * @throws {StartRefused} when another server holds the cluster, or PostgreSQL cannot run here
 */
export async function startEmbedded(dataDirectory: string, durable = true): Promise<EmbeddedDatabase> {
  const user = process.getuid?.() === 0 ? postgresUser() : null
  // The user postgres has to enter the directory; files with secrets have their own, stricter modes.
  mkdirSync(dataDirectory, { recursive: true, mode: user ? 0o711 : 0o700 })
  const location = await chooseLocation(dataDirectory, user)
  if (!existsSync(path.join(location.cluster, 'PG_VERSION'))) initialise(location)
  const sockets = socketDirectory(location)
  const connect: Connect = async (database) => {
    const client = new pg.Client({ host: sockets, user: SUPERUSER, database, connectionTimeoutMillis: 5000 })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const logFile = path.join(dataDirectory, 'postgres.log')
  const adopted = await startPostgres(location, sockets, logFile, durable, connect)
  const ownership = await ownCluster(connect, dataDirectory)
  await createDatabase(connect)
  return {
    url: urlOf(SERVER_ROLE, sockets),
    ownerUrl: urlOf(SUPERUSER, sockets),
    cluster: location.cluster,
    adopted,
    async stop() {
      await ownership.release()
      await stopPostgres(location.cluster)
    },
  }
}

function urlOf(login: string, sockets: string): string {
  return `postgresql://${login}@/${DATABASE}?host=${encodeURIComponent(sockets)}`
}

/** The address of the database in `dataDirectory` for the server's login, while a server runs on it. */
export async function urlOfRunning(dataDirectory: string): Promise<string> {
  const location = await chooseLocation(dataDirectory, process.getuid?.() === 0 ? postgresUser() : null)
  return urlOf(SERVER_ROLE, socketDirectory(location))
}

async function createDatabase(connect: Connect) {
  const client = await connect('postgres')
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
    const { rows } = await client.query('select rolcanlogin as may from pg_roles where rolname = $1', [SERVER_ROLE])
    if (!rows[0]?.may) await client.query(`${rows[0] ? 'alter' : 'create'} role ${SERVER_ROLE} login`)
  } finally {
    await client.end()
  }
}

/**
 * Creates a temporary data directory, for tests. Every user may enter it, so that the user postgres reaches the
 * cluster there and no files are created in /var/lib/valetkey.
 */
export function temporaryDataDirectory(purpose: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), `valetkey-${purpose}-`))
  chmodSync(directory, 0o711)
  return directory
}
