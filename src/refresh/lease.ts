/**
 * Who refreshes an account: one row for each says until when, by the database's clock. A claim is one
 * statement, committed before anything is sent; no database connection is held while a provider is
 * called. Every claim has a higher fence than the one before, and what ends a lease names the fence that
 * it ends.
 */
import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import type { AccountStatus } from '../connected-accounts/connected-account.js'

/** Seconds that a claim stands: longer than the whole call of the provider, and than a restart. */
export const LEASE = 60

/** A refresh that was claimed: which version of the credential it consumes, by which claim. */
export interface Claim {
  version: number
  fence: number
}

/** Why a claim was not to be had. */
export interface LeaseState {
  version: number
  status: AccountStatus
  /** Seconds until another try makes sense; 0 or less where that is now. */
  pause: number
  lastError: string | null
  /** Whether the connection has its slots. */
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

export class Leases {
  /** This process, as the owner of its leases. */
  readonly owner = randomUUID()

  constructor(private readonly pool: Pool) {}

  /**
   * Takes the account's lease, and one of its connection's slots.
   *
   * @param version of the credential that is to be refreshed
   * @param mayRepeat a refresh whose outcome is unknown may be repeated while the access token still works
   * @returns the fence, and whether it follows a refresh whose outcome nobody knows; null where there is
   *   no lease to be had
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

  /** @param mayRepeat as in `claim`: where not, an unknown outcome waits until the access token has ended */
  async look(accountUuid: string, mayRepeat: boolean): Promise<LeaseState | null> {
    const { rows } = await this.pool.query({ name: 'refresh-look', text: LOOK, values: [accountUuid, mayRepeat] })
    return rows[0] ?? null
  }

  /** Nothing was sent under this claim, and nothing will be. */
  async release(accountUuid: string, fence: number) {
    await this.pool.query(RELEASE, [accountUuid, fence])
  }
}

// Within the transaction that stores what a refresh came to.

/** What a verdict about a refresh is judged by. */
export interface LeaseEvidence extends Claim {
  fails: number
  takeover: boolean
  /** Seconds since the provider first refused while it refused suspiciously many; null where it did not. */
  heldFor: number | null
}

/** The credential and the lease as they are, locked. @returns null where there is no credential any more */
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
 * Nothing is under way any more, and nothing is held against the account.
 *
 * @param fence of the claim that ends; null ends whichever there is, as a user's new authorization does
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

/** The refusal is not believed yet: the provider is asked again after `wait` seconds. */
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
 * The next try is after `pause` seconds.
 *
 * @param outcomeUnknown whether the provider may have acted on the last one
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
