/**
 * Ends months of the audit log that need not be kept any more. Their events go, at once with the table of the month;
 * of their batches the codes stay, with a signed note (audit_expiry), so that the chain can still be verified.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Warn } from '../log.js'
import { type AuthenticationKey, CHAIN, expiryMacOf, utc } from './chain.js'

/** Tries to get the lock on the log, which whoever reads much of it holds for seconds. */
const TRIES = 5
/** Milliseconds that inserts wait at most for one try. */
const PATIENCE = 1_000

export class AuditExpiry {
  /** @param key as `Vault.authenticationKey` */
  constructor(
    private readonly pool: Pool,
    private readonly key: AuthenticationKey,
    private readonly warn: Warn,
  ) {}

  /**
   * Makes the partitions of the next months, and ends months that are too old.
   *
   * @param days after its end that a month is kept; where the database says more (audit_setting), that counts. 0 keeps
   * for ever
   */
  async run(days: number, signal: AbortSignal) {
    await this.pool.query('select audit_prepare()')
    if (days === 0) return
    const client = await this.pool.connect()
    try {
      // Counting a month takes longer than a request may.
      await client.query("set statement_timeout = '10min'")
      for (const month of await monthsToEnd(client, days)) {
        if (signal.aborted) return
        await this.end(client, month)
      }
    } finally {
      // With its settings.
      client.release(true)
    }
  }

  private async end(client: PoolClient, month: string) {
    const { rows: batches } = await client.query<{ number: string; count: number; mac: Buffer }>(
      `select number::text, count, mac from audit_batch where month = $1 and events <> '{}'
        order by audit_batch.number`,
      [month],
    )
    const { rows: found } = await client.query(
      `select count(*) as events from audit_event where at >= $1::date::timestamp at time zone 'UTC'
        and at < ($1::date + interval '1 month') at time zone 'UTC'`,
      [month],
    )
    const events = batches.reduce((sum, { count }) => sum + count, 0)
    const [first, last] = [batches[0], batches.at(-1)]
    if (Number(found[0].events) !== events || !first || !last) {
      this.warn(
        'audit.expiry-refused',
        'A month of the audit log is over and is kept all the same: its events are not those that were sealed. ' +
          'Run: npm run audit:verify',
        { month, sealed: events, found: Number(found[0].events) },
      )
      return
    }
    const current = this.key(CHAIN)
    if (!current) throw new Error('The vault has no key.')
    const { rows: time } = await client.query(`select ${utc('clock_timestamp()')} as now`)
    const expiry = {
      month,
      first_batch: first.number,
      last_batch: last.number,
      batches: batches.length,
      events: String(events),
      expired_at: time[0].now,
      key_id: current.id,
    }
    const macs = batches.map(({ mac }) => mac)
    const mac = expiryMacOf(expiry, macs, current.key)
    await patiently(client, 'select audit_expire($1, $2, $3, $4, $5, $6, $7, $8)', [...Object.values(expiry), mac])
  }
}

async function monthsToEnd(client: PoolClient, days: number): Promise<string[]> {
  const { rows } = await client.query(
    `with recursive stored (month) as (
      select date_trunc('month', min(at) at time zone 'UTC')::date from audit_event
      union all
      select (select date_trunc('month', min(at) at time zone 'UTC')::date from audit_event
        where at >= (stored.month + interval '1 month') at time zone 'UTC')
      from stored where stored.month is not null
    )
    select month::text from (
      select month from stored where month is not null
      union select month from audit_batch where events <> '{}'
    ) as all_of
    where (month + interval '1 month') at time zone 'UTC'
      <= now() - make_interval(days => greatest($1, (select keep_days from audit_setting)))
      and (select keep_days from audit_setting) > 0
    order by all_of.month`,
    [days],
  )
  return rows.map(({ month }) => month)
}

/** Waits for the lock only briefly, since whoever wants to record something waits behind it. */
async function patiently(client: PoolClient, statement: string, values: unknown[]) {
  for (let left = TRIES; ; left -= 1)
    try {
      await client.query('begin')
      await client.query(`set local lock_timeout = ${PATIENCE}`)
      await client.query(statement, values)
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback')
      const isLocked = (error as { code?: string }).code === '55P03'
      if (!isLocked || left <= 1) throw error
      await sleep(PATIENCE)
    }
}
