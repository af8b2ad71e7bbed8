/**
 * Refreshes grants that would expire because they are not used: a connector may state that a refresh token
 * lapses after a number of idle days (`maxIdleDays`). The oldest come first, by whichever replica gets the lease, and
 * as many in a round as are needed for every grant of the connection to have its turn in time. When a provider fails,
 * its connection waits for the next round, in which an account that failed comes after those that did not.
 *
 * How many a provider lets through is measured. Where that is not enough, the grants that will lapse are counted, and
 * the connection says so: while it can still be helped.
 */
import type { MikroORM } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { clock } from '../clock.js'
import { Connection, ConnectionStatus } from '../connections/connection.js'
import { type KeepAliveMeasure, ROUNDS_A_DAY } from '../connections/keep-alive-measure.js'
import type { Setups } from '../connections/setups.js'
import type { Job } from '../jobs/jobs.js'
import { renewal } from '../oauth/definition.js'
import type { Refresher } from './refresh.js'
import type { AddGauge } from './unfinished.js'

/** The share of `maxIdleDays` after which a grant is refreshed. */
const MOST_IDLE = 0.75
/** Minutes between two rounds. */
const EVERY = 10
/** Grants of one connection that one round refreshes at least. */
const A_FEW = 5
/** Grants of one connection that are refreshed at once: the rest of its ten slots is for those that agents ask for. */
const AT_ONCE = 4
/** Rounds with more than is needed, so that a long stop is made up for. */
const RESERVE = 2
/** How much the latest round counts in the measured rate. */
const LATEST = 0.3

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
    schedule: `*/${EVERY} * * * *`,
    longest: 540,
    run: async (signal) => {
      await this.round(signal)
    },
  }

  /**
   * Refreshes idle grants of all active connections.
   *
   * @param signal ends the round before the next grant
   * @returns the number of refreshed grants
   */
  async round(signal?: AbortSignal): Promise<number> {
    let refreshed = 0
    for (const connection of await this.orm.em.fork().find(Connection, { status: ConnectionStatus.ACTIVE })) {
      if (signal?.aborted) break
      if (!this.setups.offers(connection)) continue
      const how = renewal(this.setups.methodOf(connection).runs)
      if (how === false || how.maxIdleDays === undefined) continue
      refreshed += await this.ofConnection(connection, how.maxIdleDays, signal)
    }
    return refreshed
  }

  /** Adds what was measured to the metrics, summed over all connections. */
  count(gauge: AddGauge) {
    const sum =
      (part: keyof KeepAliveMeasure, times = 1) =>
      async () => {
        const { rows } = await this.pool.query(
          `select coalesce(sum((keep_alive->>$1)::float8), 0)::float8 as sum from connection where status = 'ACTIVE'`,
          [part],
        )
        return rows[0].sum * times
      }
    gauge('valetkey_keepalive_due', 'Idle grants whose turn to be renewed has come.', sum('due'))
    gauge('valetkey_keepalive_lapsing', 'Idle grants that will lapse before their turn comes.', sum('lapsing'))
    gauge('valetkey_keepalive_per_day', 'Idle grants that can be renewed in a day.', sum('perRound', ROUNDS_A_DAY))
  }

  /** @param days after which an idle grant lapses */
  private async ofConnection(connection: Connection, days: number, signal?: AbortSignal): Promise<number> {
    const wanted = await this.wanted(connection, days)
    const due = await this.idle(connection, days * MOST_IDLE, wanted)
    let refreshed = 0
    let isCut = false
    while (due.length > 0 && !isCut) {
      // The first one alone: it shows whether the provider is well.
      const few = due.splice(0, refreshed === 0 ? 1 : AT_ONCE)
      const kinds = await Promise.all(
        few.map(
          async ({ account_id, version }) => (await this.refresher.refresh(account_id, connection, version)).kind,
        ),
      )
      refreshed += kinds.filter((kind) => kind === 'renewed').length
      isCut = signal?.aborted === true || kinds.some((kind) => kind === 'unavailable' || kind === 'misconfigured')
    }
    const before = connection.keepAliveMeasure?.perRound ?? wanted
    const perRound = isCut ? before * (1 - LATEST) + refreshed * LATEST : wanted
    await this.measure(connection, days, perRound)
    return refreshed
  }

  /** Grants that one round has to renew, for all of the connection to have their turn in time. */
  private async wanted(connection: Connection, days: number): Promise<number> {
    const { rows } = await this.pool.query({
      name: 'grants-of-connection',
      text: `
        select count(*)::int as count from connected_account account
        join credential on credential.account_id = account.id
        where account.connection_id = $1 and account.status = 'ACTIVE' and credential.refresh is not null`,
      values: [connection.uuid],
    })
    const rounds = days * (1 - MOST_IDLE) * ROUNDS_A_DAY
    return Math.max(A_FEW, Math.ceil((RESERVE * rows[0].count) / rounds))
  }

  private async idle(
    connection: Connection,
    days: number,
    most: number,
  ): Promise<{ account_id: string; version: number }[]> {
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
      values: [connection.uuid, days * 86_400, most],
    })
    return rows
  }

  /** Stores how many grants are due, and how many of all will lapse before their turn comes at this rate. */
  private async measure(connection: Connection, days: number, perRound: number) {
    const { rows } = await this.pool.query({
      name: 'grants-that-lapse',
      text: `
        select
          count(*) filter (where lapses < clock_timestamp() + make_interval(secs => $2 * 86400 * ${1 - MOST_IDLE}))
            ::int as due,
          count(*) filter (
            where lapses < clock_timestamp() + make_interval(mins => ${EVERY}) * ceil(turn / greatest($3, 0.001))
          )::int as lapsing
        from (
          select credential.obtained_at + make_interval(secs => $2 * 86400) as lapses,
            row_number() over (order by credential.obtained_at) as turn
          from credential join connected_account account on account.id = credential.account_id
          where account.connection_id = $1 and account.status = 'ACTIVE' and credential.refresh is not null
        ) grants`,
      values: [connection.uuid, days, perRound],
    })
    const measure: KeepAliveMeasure = { measuredAt: clock.now().toISOString(), maxIdleDays: days, perRound, ...rows[0] }
    await this.pool.query('update connection set keep_alive = $2 where id = $1', [
      connection.uuid,
      JSON.stringify(measure),
    ])
  }
}
