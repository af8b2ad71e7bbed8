/**
 * Refreshes grants that would expire because they are not used: a connector may state that a refresh token
 * lapses after a number of idle days (`maxIdleDays`). A few are refreshed at a time, the oldest first, by
 * whichever replica gets the lease. When a provider fails, its connection waits for the next round, in which an
 * account that failed comes after those that did not.
 */
import type { MikroORM } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { Connection, ConnectionStatus } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import type { Job } from '../jobs/jobs.js'
import { renewal } from '../oauth/definition.js'
import type { Refresher } from './refresh.js'

/** The share of `maxIdleDays` after which a grant is refreshed. */
const MOST_IDLE = 0.75
/** Grants of one connection that one round refreshes, to spread the load after an outage or a long stop. */
const A_FEW = 5

/** The scheduled job that keeps idle grants alive. */
export class KeepAlive {
  constructor(
    private readonly orm: MikroORM,
    private readonly pool: Pool,
    private readonly setups: Setups,
    private readonly refresher: Refresher,
  ) {}

  readonly job: Job = {
    name: 'keep-alive',
    schedule: '*/10 * * * *',
    longest: 540,
    run: async (signal) => {
      await this.round(signal)
    },
  }

  /**
   * Refreshes idle grants of all active connections.
   *
   * @param signal ends the round before the next connection
   * @returns the number of refreshed grants
   */
  async round(signal?: AbortSignal): Promise<number> {
    let refreshed = 0
    for (const connection of await this.orm.em.fork().find(Connection, { status: ConnectionStatus.ACTIVE })) {
      if (signal?.aborted) break
      if (!this.setups.offers(connection)) continue
      const how = renewal(this.setups.methodOf(connection).runs)
      if (how === false || how.maxIdleDays === undefined) continue
      for (const { account_id, version } of await this.idle(connection, how.maxIdleDays * MOST_IDLE)) {
        const { kind } = await this.refresher.refresh(account_id, connection, version)
        if (kind === 'unavailable' || kind === 'misconfigured') break
        if (kind === 'renewed') refreshed += 1
      }
    }
    return refreshed
  }

  private async idle(connection: Connection, days: number): Promise<{ account_id: string; version: number }[]> {
    const { rows } = await this.pool.query({
      name: 'idle-grants',
      text: `
        select credential.account_id, credential.version
        from credential
        join connected_account account on account.id = credential.account_id
        join connection on connection.id = account.connection_id
        left join refresh_lease lease on lease.account_id = account.id
        where account.connection_id = $1 and account.status = 'ACTIVE' and credential.refresh is not null
          and credential.obtained_at < clock_timestamp() - make_interval(secs => $2)
          and (connection.paused_until is null or connection.paused_until <= clock_timestamp())
          and (lease.next_attempt_at is null or lease.next_attempt_at <= clock_timestamp())
        order by coalesce(lease.fails, 0), credential.obtained_at limit $3`,
      values: [connection.uuid, days * 86_400, A_FEW],
    })
    return rows
  }
}
