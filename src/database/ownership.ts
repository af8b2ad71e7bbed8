import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartRefused } from '../errors.js'
import type { Connect } from './postgres-process.js'

/** "valetkey" in a bigint: the one advisory lock in the database "postgres". */
const OWNER_LOCK = '8530219482348578169'
/** Milliseconds to wait for the end of the session of a server that was just killed. */
const PATIENCE = 2000

/**
 * Takes the cluster's lock in a session of its own, and holds it until it is released. If that session breaks,
 * another one takes the lock again. A server that is killed loses its session and with it the lock, so that the
 * next start can adopt the running PostgreSQL.
 *
 * @throws {StartRefused} where another server holds the lock
 */
export async function ownCluster(connect: Connect, dataDirectory: string): Promise<{ release(): Promise<void> }> {
  let released = false
  let client = await connect('postgres')
  const lock = async () =>
    (await client.query('select pg_try_advisory_lock($1) as ours', [OWNER_LOCK])).rows[0].ours === true
  const deadline = performance.now() + PATIENCE
  while (!(await lock())) {
    if (performance.now() > deadline) {
      await client.end()
      throw new StartRefused([
        `Another Valetkey already runs on ${dataDirectory}. Stop it, or set VALETKEY_DATA to another directory.`,
      ])
    }
    await sleep(50)
  }
  const relockWhenBroken = () => {
    client.once('end', async () => {
      while (!released) {
        await sleep(200)
        try {
          client = await connect('postgres')
          if (await lock()) return relockWhenBroken()
          await client.end()
        } catch {}
      }
    })
  }
  relockWhenBroken()
  return {
    async release() {
      released = true
      await client.end().catch(() => {})
    },
  }
}
