import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'

/** Names the process that owns leases. */
export interface Owner {
  /** The same for every process that runs with one data directory, one after the other. */
  id: string
  /** Whether the data directory had no name yet: what an earlier process wrote down may be lost with its directory. */
  isNew: boolean
  close(): Promise<void>
}

/**
 * Who this process is among the owners of leases. A process that starts where another one has died takes its
 * leases back at once, since it has its spool as well; a lock in the database, held on one session, says whether
 * the other one is really gone. Where it is not (two processes with one data directory), this one gets a name of
 * its own, and takes nothing back.
 *
 * @param dataDirectory where the name is kept
 * @param databaseUrl what `pg` connects to
 */
export async function ownerIn(dataDirectory: string, databaseUrl: string): Promise<Owner> {
  const { id, isNew } = nameIn(dataDirectory)
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'valetkey owner', keepAlive: true })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query(
    "select pg_try_advisory_lock(hashtextextended('valetkey.owner ' || $1, 0)) as ours",
    [id],
  )
  if (rows[0].ours) return { id, isNew, close: () => client.end().catch(() => {}) }
  await client.end()
  return { id: randomUUID(), isNew: false, close: async () => {} }
}

/** @returns a name of its own where the directory takes none */
function nameIn(dataDirectory: string): { id: string; isNew: boolean } {
  const file = path.join(dataDirectory, 'owner')
  try {
    // The first process is the first to need it, and its leases are to be its successor's.
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  } catch {}
  try {
    const name = readFileSync(file, 'utf8').trim()
    if (/^[0-9a-f-]{36}$/.test(name)) return { id: name, isNew: false }
  } catch {}
  const name = randomUUID()
  try {
    writeFileSync(file, `${name}\n`, { mode: 0o600 })
  } catch {}
  return { id: name, isNew: true }
}
