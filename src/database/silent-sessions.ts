/**
 * Gives up sessions whose other side has gone silent: after a failover to another machine, nothing ever comes back on
 * the old connections, and nothing says so. The operating system would wait for a quarter of an hour.
 */
import type { Socket } from 'node:net'
import type { Pool, PoolClient } from 'pg'

/** Milliseconds without a word on a session that is in use: longer than the server takes to end a statement. */
const LONGEST_SILENCE = 15_000

/** The part of a client of `pg` that has its socket. */
type Connected = PoolClient & { connection: { stream: Socket } }

/** Watches the sessions of a pool from now on: not for migrations, whose statements may take long. */
export function giveUpSilentSessions(pool: Pool) {
  pool.on('acquire', (client) => {
    const { stream } = (client as Connected).connection
    stream.setTimeout(LONGEST_SILENCE)
    if (stream.listenerCount('timeout') === 0)
      stream.on('timeout', () => {
        // What has arrived while this process was stopped is read first.
        const heard = stream.bytesRead
        setTimeout(() => {
          const isInUse = stream.timeout !== 0
          if (isInUse && stream.bytesRead === heard)
            stream.destroy(new Error('The database has not answered for 15 s.'))
        }, 100)
      })
  })
  pool.on('release', (_error, client) => {
    ;(client as Connected).connection.stream.setTimeout(0)
  })
}
