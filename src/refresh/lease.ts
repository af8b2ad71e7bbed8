/**
 * Leases decide which process refreshes an account: each account has one row with the owner and the end of
 * the lease by the database's clock. A claim is one statement, committed before anything is sent, so that no
 * database connection is held during the call of the provider. Every claim increments the fence, and a
 * statement that ends a lease names its fence, so that it cannot end a later one.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import type { AccountStatus } from '../connected-accounts/connected-account.js'

/** Seconds that a lease lasts: longer than a call of the provider, and than a restart of the database. */
export const LEASE = 60
/** The same where the provider takes a used token again for a while only: the next try has to come within it. */
const SHORT_LEASE = 20
/**
 * Seconds after which a refresh whose outcome nobody knows is tried again where the provider may end the grant
 * for it, and nothing says how long the access token serves.
 */
const UNKNOWN_LIFE = 600

/** What a connector says about repeating a refresh. */
export interface Repetition {
  /** At any time: the provider does not rotate, or its old access token is of no more use. */
  always: boolean
  /** Seconds for which a provider that rotates takes a used refresh token again; 0 for one that never does. */
  grace: number
}

/** A claimed refresh: the version of the credential that it consumes, and the fence of its lease. */
export interface Claim {
  version: number
  fence: number
  /** The token is tried because it is doubted: what comes of it settles the doubt. */
  doubted?: boolean
}

/** The state of an account whose refresh could not be claimed: the reason is in it. */
export interface LeaseState {
  version: number
  status: AccountStatus
  /** Seconds until another try makes sense; 0 or less where that is now. */
  pause: number
  lastError: string | null
  /** Whether two answers, or an answer and a refusal, contradict each other: the stored token has to be tried. */
  doubted: boolean
  /** Whether the connection has its slots. */
  slotted: boolean
  /** Whether the connection's circuit is open. */
  failing: boolean
}

/** Whether a refresh whose outcome nobody knows may be repeated now; $5 and $6 are a Repetition. */
const REPEATABLE = `(
  $5 or not lease.in_flight
  or lease.sent_at + make_interval(secs => $6) > clock_timestamp()
  or coalesce(credential.expires_at, lease.sent_at + interval '${UNKNOWN_LIFE} seconds') <= clock_timestamp()
)`

/** Whether the connection has changed since the account was refused: what it was refused for may be mended. */
const CHANGED = `lease.refused_at < (
  select connection.updated_at from connection join connected_account on connected_account.connection_id = connection.id
  where connected_account.id = lease.account_id
)`

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
  ), due as (
    select credential.account_id
    from credential
    join connected_account account on account.id = credential.account_id
    left join refresh_lease lease on lease.account_id = credential.account_id
    where credential.account_id = $1 and credential.version = $2
      and (account.status = 'ACTIVE' or (lease.doubted and account.status = 'REAUTHORIZATION_REQUIRED'))
      and (lease.account_id is null or ${REPEATABLE})
  ), claimed as (
    insert into refresh_lease as lease (account_id, owner, until, fence, in_flight, sent_at)
    select due.account_id, $3::uuid, clock_timestamp() + make_interval(secs => $4), 1, true, clock_timestamp()
    from place, due
    on conflict (account_id) do update
    set owner = excluded.owner, until = excluded.until, fence = lease.fence + 1,
      in_flight = true, takeover = lease.in_flight,
      -- A grace for a used token counts from its first use.
      sent_at = case when lease.in_flight then coalesce(lease.sent_at, excluded.sent_at) else excluded.sent_at end
    where (lease.until is null
        or greatest(lease.until, pg_postmaster_start_time() + interval '10 seconds') < clock_timestamp())
      and (lease.next_attempt_at is null or lease.next_attempt_at <= clock_timestamp() or ${CHANGED})
    returning fence, doubted
  ), taken as (
    update refresh_slot slot
    set holder = $1, owner = $3::uuid, until = clock_timestamp() + make_interval(secs => $4)
    from place, claimed where slot.connection_id = place.connection_id and slot.slot = place.slot
  )
  select fence, doubted from claimed`

const LOOK = `
  select credential.version, account.status, lease.last_error as "lastError", connection.failing,
    coalesce(lease.doubted, false) as doubted,
    exists (select from refresh_slot where connection_id = account.connection_id) as slotted,
    coalesce(extract(epoch from greatest(
      case when ${CHANGED} then null else lease.next_attempt_at end,
      connection.paused_until,
      case when lease.until is null and not ${REPEATABLE.replaceAll('$5', '$2').replaceAll('$6', '$3')}
        then coalesce(credential.expires_at, lease.sent_at + interval '${UNKNOWN_LIFE} seconds') end
    ) - clock_timestamp()), 0)::float8 as pause
  from connected_account account
  join connection on connection.id = account.connection_id
  join credential on credential.account_id = account.id
  left join refresh_lease lease on lease.account_id = account.id
  where account.id = $1`

const RELEASE = `
  update refresh_lease set owner = null, until = null, in_flight = takeover
  where account_id = $1 and fence = $2`

/** Claims and releases leases. */
export class Leases {
  /** @param owner this process, and those before it with the same data directory */
  constructor(
    private readonly pool: Pool,
    readonly owner: string,
  ) {}

  /**
   * Takes the account's lease and one of its connection's slots.
   *
   * @param version of the credential that is to be refreshed
   * @returns the fence, and whether the token is tried because it is doubted; null where there is no lease to be had
   */
  async claim(
    accountUuid: string,
    version: number,
    { always, grace }: Repetition,
  ): Promise<{ fence: number; doubted: boolean } | null> {
    const seconds = grace > 0 && grace < 2 * LEASE ? SHORT_LEASE : LEASE
    const { rows } = await this.pool.query({
      name: 'refresh-claim',
      text: CLAIM,
      values: [accountUuid, version, this.owner, seconds, always, grace],
    })
    return rows[0] ?? null
  }

  async look(accountUuid: string, { always, grace }: Repetition): Promise<LeaseState | null> {
    const { rows } = await this.pool.query({ name: 'refresh-look', text: LOOK, values: [accountUuid, always, grace] })
    return rows[0] ?? null
  }

  /** Gives the lease up; only for a claim under which nothing was sent. */
  async release(accountUuid: string, fence: number) {
    await this.pool.query(RELEASE, [accountUuid, fence])
  }

  /** An answer waits to be stored: nobody else is to send meanwhile. */
  async extend(accountUuid: string, fence: number) {
    await this.pool.query(
      `update refresh_lease set until = clock_timestamp() + make_interval(secs => $3)
       where account_id = $1 and fence = $2 and owner = $4`,
      [accountUuid, fence, LEASE, this.owner],
    )
  }

  /**
   * Ends the leases and slots of an earlier process with the same data directory: it is gone, and this one knows
   * what it left behind.
   *
   * @returns how many refreshes were under way, whose outcome nobody knows
   */
  async takeBack(): Promise<number> {
    await this.pool.query('update refresh_slot set until = null, holder = null, owner = null where owner = $1', [
      this.owner,
    ])
    const { rowCount } = await this.pool.query(
      'update refresh_lease set owner = null, until = null where owner = $1 and until is not null',
      [this.owner],
    )
    return rowCount ?? 0
  }

  /** How many refreshes were under way when their process died, and have an outcome that nobody knows. */
  async unknownOutcomes(): Promise<number> {
    const { rows } = await this.pool.query(
      `select count(*)::int as count from refresh_lease
       where in_flight and (until is null or until < clock_timestamp())`,
    )
    return rows[0].count
  }

  /** The same of those whose process is gone, and was not this one with this data directory. */
  async abandoned(): Promise<number> {
    const { rows } = await this.pool.query(
      `select count(*)::int as count from refresh_lease
       where in_flight and owner <> $1 and not exists (
         select from pg_locks where locktype = 'advisory' and objsubid = 1
           and (classid::bigint << 32) | objid::bigint = hashtextextended('valetkey.owner ' || owner, 0)
       )`,
      [this.owner],
    )
    return rows[0].count
  }

  /** Accounts whose refresh was under way when its lease lapsed, or whose stored token is doubted; at most 100. */
  async unsettled(): Promise<{ accountUuid: string; version: number }[]> {
    const { rows } = await this.pool.query({
      name: 'refresh-unsettled',
      text: `
        select lease.account_id as "accountUuid", credential.version
        from refresh_lease lease join credential on credential.account_id = lease.account_id
        where (lease.doubted or (lease.in_flight and lease.sent_at > clock_timestamp() - interval '10 minutes'))
          and (lease.until is null or lease.until < clock_timestamp())
          and (lease.next_attempt_at is null or lease.next_attempt_at <= clock_timestamp())
        limit 100`,
    })
    return rows
  }
}

// The functions below run in the transaction that stores the outcome of a refresh.

/** The facts that decide what a failed refresh means. */
export interface LeaseEvidence extends Claim {
  /** Of the refresh that wrote the stored credential; null where a user's authorization did. */
  parentVersion: number | null
  parentFence: number | null
  fails: number
  /** An earlier refresh of the same token had an outcome that nobody knows, and none since then has settled it. */
  takeover: boolean
  doubted: boolean
  /** Refusals in a row that are not believed yet, and seconds since the first of them; null where there are none. */
  rejections: number
  heldFor: number | null
}

/** Reads and locks the credential and the lease. @returns null where the credential has been erased */
export async function lockedLease(em: EntityManager, accountUuid: string): Promise<LeaseEvidence | null> {
  const [row] = await em.execute<LeaseEvidence[]>(
    `select credential.version, credential.parent_version as "parentVersion", credential.parent_fence as "parentFence",
       lease.fence, lease.fails, lease.takeover, lease.doubted, lease.rejections,
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
     set owner = null, until = null, in_flight = false, takeover = false, doubted = false, fails = 0, rejections = 0,
       next_attempt_at = null, last_error = null, refused_at = null
     where account_id = ? and fence = coalesce(?::int, fence)`,
    [accountUuid, fence],
  )
}

/** Two things that the provider said contradict each other: whichever token is stored has to be tried. */
export async function doubt(em: EntityManager, accountUuid: string) {
  await em.execute('update refresh_lease set doubted = true, next_attempt_at = null where account_id = ?', [
    accountUuid,
  ])
}

/**
 * The refusal is not believed yet: the provider is asked again after `wait` seconds.
 *
 * @param unclear whether the provider gave no reason; such refusals are counted
 */
export async function holdBack(
  em: EntityManager,
  accountUuid: string,
  fence: number,
  { error, wait, unclear }: { error: string; wait: number; unclear: boolean },
) {
  await em.execute(
    `update refresh_lease
     set owner = null, until = null, in_flight = takeover, refused_at = coalesce(refused_at, clock_timestamp()),
       rejections = rejections + ?, last_error = ?, next_attempt_at = clock_timestamp() + make_interval(secs => ?)
     where account_id = ? and fence = ?`,
    [unclear ? 1 : 0, error, wait, accountUuid, fence],
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
     set owner = null, until = null, in_flight = ? or takeover, fails = fails + 1, last_error = ?,
       next_attempt_at = clock_timestamp() + make_interval(secs => ?)
     where account_id = ? and fence = ?`,
    [outcomeUnknown, error, pause, accountUuid, fence],
  )
}
