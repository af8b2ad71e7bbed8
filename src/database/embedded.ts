/**
 * The embedded PostgreSQL: real binaries from the npm registry, run as a process of their own.
 *
 *   no cluster ──initdb──▶ cluster ──postgres──▶ running ──lock──▶ ours
 *   running, left behind by a killed server ───────────────lock──▶ ours (adopted)
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

export interface EmbeddedDatabase {
  /** What `pg` connects to, socket directory included. */
  url: string
  /** Where the cluster's files are. */
  cluster: string
  /** Whether this start took over a PostgreSQL that a killed server had left running. */
  adopted: boolean
  /** Releases the lock and stops PostgreSQL, waiting for its clean end. */
  stop(): Promise<void>
}

const DATABASE = 'valetkey'

/**
 * @param dataDirectory absolute; made when missing, with access for its owner only
 * @param durable false: no fsync, for tests
 * @throws {StartRefused} when another server holds the cluster, or PostgreSQL cannot run here
 */
export async function startEmbedded(dataDirectory: string, durable = true): Promise<EmbeddedDatabase> {
  const user = process.getuid?.() === 0 ? postgresUser() : null
  // The user postgres has to pass through; the files with secrets have modes of their own.
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
    url: `postgresql://${SUPERUSER}@/${DATABASE}?host=${encodeURIComponent(sockets)}`,
    cluster: location.cluster,
    adopted,
    async stop() {
      await ownership.release()
      await stopPostgres(location.cluster)
    },
  }
}

async function createDatabase(connect: Connect) {
  const client = await connect('postgres')
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

/**
 * A directory for a cluster that is deleted with it. Every user may pass through it, so that the user
 * postgres reaches the cluster there, and nothing is left in /var/lib/valetkey.
 */
export function temporaryDataDirectory(purpose: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), `valetkey-${purpose}-`))
  chmodSync(directory, 0o711)
  return directory
}
