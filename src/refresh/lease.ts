/**
 * Leases decide which process refreshes an account: each account has one row with the owner and the end of
 * the lease by the database's clock. A claim is one statement, committed before anything is sent, so that no
 * database connection is held during the call of the provider. Every claim increments the fence, and a
 * statement that ends a lease names its fence, so that it cannot end a later one.
 */
import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import type { AccountStatus } from '../connected-accounts/connected-account.js'

/** Seconds that a lease lasts: longer than a call of the provider, and than a restart of the database. */
export const LEASE = 60

/** A claimed refresh: the version of the credential that it consumes, and the fence of its lease. */
export interface Claim {
  version: number
  fence: number
}

/** The state of an account whose refresh could not be claimed: the reason is in it. */
export interface LeaseState {
  version: number
  status: AccountStatus
  /** Seconds until another try makes sense; 0 or less where that is now. */
  pause: number
  lastError: string | null
  /** Whether the connection's slots exist. */
  slotted: boolean
  /** Whether the connection's circuit is open. */
  failing: boolean
}

const CLAIM = `
  with place as (
    select slot.connection_id, slot.slot
    from refresh_slot slot
    join connected_account account on account.connection_id = slot.connection_id
    join connection on connection.id = slot.connection_id
    where account.id = $1
      and (slot.until is null or slot.until < clock_timestamp())
      and (slot.slot = 1 or not connection.failing)
      and (connection.paused_until is null or connection.paused_until <= clock_timestamp())
    order by slot.slot limit 1
    for update of slot skip locked
  ), claimed as (
    insert into refresh_lease as lease (account_id, owner, until, fence, in_flight)
    select credential.account_id, $3::uuid, clock_timestamp() + make_interval(secs => $4), 1, true
    from place, credential join connected_account account on account.id = credential.account_id
    where credential.account_id = $1 and credential.version = $2 and account.status = 'ACTIVE'
    on conflict (account_id) do update
    set owner = excluded.owner, until = excluded.until, fence = lease.fence + 1,
      in_flight = true, takeover = lease.in_flight
    where (lease.until is null
        or greatest(lease.until, pg_postmaster_start_time() + interval '10 seconds') < clock_timestamp())
      and (lease.next_attempt_at is null or lease.next_attempt_at <= clock_timestamp())
      and ($5 or not lease.in_flight
        or (select expires_at < clock_timestamp() from credential where account_id = $1))
    returning fence, takeover
  ), taken as (
    update refresh_slot slot set holder = $1, until = clock_timestamp() + make_interval(secs => $4)
    from place, claimed where slot.connection_id = place.connection_id and slot.slot = place.slot
  )
  select fence, takeover from claimed`

const LOOK = `
  select credential.version, account.status, lease.last_error as "lastError", connection.failing,
    exists (select from refresh_slot where connection_id = account.connection_id) as slotted,
    coalesce(extract(epoch from greatest(
      lease.next_attempt_at,
      connection.paused_until,
      case when lease.in_flight and lease.until is null and not $2 then credential.expires_at end
    ) - clock_timestamp()), 0)::float8 as pause
  from connected_account account
  join connection on connection.id = account.connection_id
  join credential on credential.account_id = account.id
  left join refresh_lease lease on lease.account_id = account.id
  where account.id = $1`

const RELEASE = `
  update refresh_lease set owner = null, until = null, in_flight = false
  where account_id = $1 and fence = $2`

/** Claims and releases leases. */
export class Leases {
  /** Identifies this process as the owner of its leases. */
  readonly owner = randomUUID()

  constructor(private readonly pool: Pool) {}

  /**
   * Takes the account's lease and one of its connection's slots.
   *
   * @param version of the credential that is to be refreshed
   * @param mayRepeat a refresh whose outcome is unknown may be repeated while the access token still works
   * @returns the fence, and whether it follows a refresh whose outcome is unknown; null where the lease or a
   *   slot is not available: `look` tells why
   */
  async claim(
    accountUuid: string,
    version: number,
    mayRepeat: boolean,
  ): Promise<{ fence: number; takeover: boolean } | null> {
    const { rows } = await this.pool.query({
      name: 'refresh-claim',
      text: CLAIM,
      values: [accountUuid, version, this.owner, LEASE, mayRepeat],
    })
    return rows[0] ?? null
  }

  /**
   * Reads why a claim failed.
   *
   * @param mayRepeat as in `claim`; if false, an unknown outcome waits until the access token has expired
   * @returns null where the account has no credential
   */
  async look(accountUuid: string, mayRepeat: boolean): Promise<LeaseState | null> {
    const { rows } = await this.pool.query({ name: 'refresh-look', text: LOOK, values: [accountUuid, mayRepeat] })
    return rows[0] ?? null
  }

  /** Gives the lease up; only for a claim under which nothing was sent. */
  async release(accountUuid: string, fence: number) {
    await this.pool.query(RELEASE, [accountUuid, fence])
  }
}

// The functions below run in the transaction that stores the outcome of a refresh.

/** The facts that decide what a failed refresh means. */
export interface LeaseEvidence extends Claim {
  fails: number
  takeover: boolean
  /** Seconds since the provider first refused while it refused suspiciously many; null where it did not. */
  heldFor: number | null
}

/** Reads and locks the credential and the lease. @returns null where the credential has been erased */
export async function lockedLease(em: EntityManager, accountUuid: string): Promise<LeaseEvidence | null> {
  const [row] = await em.execute<LeaseEvidence[]>(
    `select credential.version, lease.fence, lease.fails, lease.takeover,
       extract(epoch from clock_timestamp() - lease.refused_at)::float8 as "heldFor"
     from credential join refresh_lease lease on lease.account_id = credential.account_id
     where credential.account_id = ? for update of credential, lease`,
    [accountUuid],
  )
  return row ?? null
}

/**
 * Ends the lease and forgets earlier failures.
 *
 * @param fence of the claim that ends; null ends any claim, as a user's new authorization does
 */
export async function endLease(em: EntityManager, accountUuid: string, fence: number | null) {
  await em.execute(
    `update refresh_lease
     set owner = null, until = null, in_flight = false, fails = 0,
       next_attempt_at = null, last_error = null, refused_at = null
     where account_id = ? and fence = coalesce(?::int, fence)`,
    [accountUuid, fence],
  )
}

/** Ends the lease without a verdict: a suspicious refusal is checked again after `wait` seconds. */
export async function holdBack(em: EntityManager, accountUuid: string, fence: number, error: string, wait: number) {
  await em.execute(
    `update refresh_lease
     set owner = null, until = null, in_flight = false, refused_at = coalesce(refused_at, clock_timestamp()),
       last_error = ?, next_attempt_at = clock_timestamp() + make_interval(secs => ?)
     where account_id = ? and fence = ?`,
    [error, wait, accountUuid, fence],
  )
}

/**
 * Ends the lease after a failure; the next attempt is allowed after `pause` seconds.
 *
 * @param outcomeUnknown whether the provider may have processed the request
 */
export async function postpone(
  em: EntityManager,
  accountUuid: string,
  fence: number,
  { outcomeUnknown, error, pause }: { outcomeUnknown: boolean; error: string; pause: number },
) {
  await em.execute(
    `update refresh_lease
     set owner = null, until = null, in_flight = ?, fails = fails + 1, last_error = ?,
       next_attempt_at = clock_timestamp() + make_interval(secs => ?)
     where account_id = ? and fence = ?`,
    [outcomeUnknown, error, pause, accountUuid, fence],
  )
}
