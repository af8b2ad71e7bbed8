/**
 * Leases decide which process refreshes an account: each account has one row with the owner and the end of
 * the lease by the database's clock. A claim is one statement, committed before anything is sent, so that no
 * database connection is held during the call of the provider. Every claim increments the fence, and a
 * statement that ends a lease names its fence, so that it cannot end a later one.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import type { AccountStatus } from '../connected-accounts/connected-account.js'
import { CLAIM, LOOK, type Repetition } from './claim.js'

/** Seconds that a lease lasts: longer than a call of the provider, and than a restart of the database. */
export const LEASE = 60
/**
 * The same where the provider takes a used token again for a while only: the next try, and the one after that, have to
 * come within it. It may be shorter than a call, since a token that comes twice costs nothing then.
 */
/** Seconds before the end of a grace at which nothing is sent any more: it takes its way. */
const MARGIN = 1
const shortLease = (grace: number) => Math.max(5, Math.min(20, Math.floor(grace / 3)))
/** Seconds after which a claim has been answered or has failed: statements and connections have shorter limits. */
const LONGEST_CLAIM = 30
/** A claimed refresh: the version of the credential that it consumes, and the fence of its lease. */
export interface Claim {
  version: number
  fence: number
  /** The token is tried because it is doubted: what comes of it settles the doubt. */
  doubted?: boolean
  /** Seconds after the claim until which it may be sent. */
  sendWithin?: number
  /** An agent says that the access token works no more. */
  accessIsOver?: boolean
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
  /** Whether the lease has lapsed while it may not be taken over yet. */
  silent: boolean
  /** Whether the connection has its slots. */
  slotted: boolean
  /** Whether the connection's circuit is open. */
  failing: boolean
}

const RELEASE = `
  update refresh_lease set owner = null, until = null, in_flight = takeover
  where account_id = $1 and fence = $2`

/** Claims and releases leases. */
export class Leases {
  /** How many claims this process works with, by account. */
  private readonly working = new Map<string, number>()

  /** @param owner this process, and those before it with the same data directory */
  constructor(
    private readonly pool: Pool,
    readonly owner: string,
  ) {}

  /**
   * Takes the account's lease and one of its connection's slots.
   *
   * @param version of the credential that is to be refreshed
   * @returns the fence, whether the token is tried because it is doubted, and seconds of the grace that are left for
   *   sending it; null where there is no lease to be had
   */
  async claim(
    accountUuid: string,
    version: number,
    { always, grace, keeps }: Repetition,
  ): Promise<{ fence: number; doubted: boolean; sendWithin: number } | null> {
    const seconds = grace > 0 && grace < 2 * LEASE ? shortLease(grace) : LEASE
    const { rows } = await this.pool.query({
      name: 'refresh-claim',
      text: CLAIM,
      values: [accountUuid, version, this.owner, seconds, always, grace, keeps],
    })
    if (!rows[0]) return null
    this.working.set(accountUuid, (this.working.get(accountUuid) ?? 0) + 1)
    const { fence, doubted, grace: left } = rows[0]
    // A used token is taken again within its grace alone: whoever stood still meanwhile must not send it any more.
    return {
      fence,
      doubted,
      sendWithin: grace > 0 && left > 0 && !keeps && !always ? left - MARGIN : Number.POSITIVE_INFINITY,
    }
  }

  /** The work under a claim is done, whatever came of it. */
  done(accountUuid: string) {
    const left = (this.working.get(accountUuid) ?? 1) - 1
    if (left > 0) this.working.set(accountUuid, left)
    else this.working.delete(accountUuid)
  }

  async look(accountUuid: string, { always, grace, keeps }: Repetition): Promise<LeaseState | null> {
    const { rows } = await this.pool.query({
      name: 'refresh-look',
      text: LOOK,
      values: [accountUuid, always, grace, keeps],
    })
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
   * An answer is there that its row does not take. Nobody else is to send meanwhile: a provider may end the grant
   * for it, whatever it refused before, and however the connection changes. Whoever looks at the answer again says so
   * again.
   *
   * @param seconds until it is looked at again, at the latest
   */
  async hold(accountUuid: string, { version, fence }: Claim, seconds: number, reason: string) {
    await this.pool.query(
      `update refresh_lease lease
       set owner = null, until = null, last_error = $5, refused_at = null,
         next_attempt_at = clock_timestamp() + make_interval(secs => $4)
       from credential
       where lease.account_id = $1 and lease.fence = $3
         and credential.account_id = lease.account_id and credential.version = $2`,
      [accountUuid, version, fence, seconds, reason],
    )
  }

  /**
   * Ends the leases and slots of an earlier process with the same data directory: it is gone, and this one knows
   * what it left behind.
   *
   * @param besides accounts whose answer is here and could not be stored yet: nobody is to send for them
   * @returns how many refreshes were under way, whose outcome nobody knows
   */
  async takeBack(besides: string[]): Promise<number> {
    const mine = [...this.working.keys()]
    await this.pool.query(
      `update refresh_slot set until = null, holder = null, owner = null where owner = $1 and holder <> all($2)`,
      [this.owner, mine],
    )
    const { rowCount } = await this.pool.query(
      `update refresh_lease set owner = null, until = null
       where owner = $1 and until is not null and account_id <> all($2)`,
      [this.owner, [...besides, ...mine]],
    )
    return rowCount ?? 0
  }

  /**
   * Gives up leases that this process has without knowing: the database made the claim, and its word of that was lost
   * on the way. Nothing was sent.
   *
   * @param besides accounts that have a file in this machine's spool
   */
  async releaseLost(besides: string[]) {
    await this.pool.query(
      `update refresh_lease set owner = null, until = null, in_flight = takeover
       where owner = $1 and until < clock_timestamp() + make_interval(secs => $2) and account_id <> all($3)
         and not exists (select from refresh_answer answer where answer.account_id = refresh_lease.account_id)`,
      [this.owner, LEASE - LONGEST_CLAIM, [...besides, ...this.working.keys()]],
    )
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
        join connected_account account on account.id = lease.account_id
        where (
            lease.doubted or (
              -- Within a grace; or as soon as another try can cost nothing more: what ended is told unasked.
              lease.in_flight and account.status = 'ACTIVE' and (
                lease.sent_at > clock_timestamp() - interval '10 minutes'
                or coalesce(credential.expires_at, lease.sent_at + interval '10 minutes') <= clock_timestamp()
              )
            )
          )
          and (lease.until is null or lease.until < clock_timestamp())
          and (lease.next_attempt_at is null or lease.next_attempt_at <= clock_timestamp())
        -- Not the same hundred each time: some of them have to wait.
        order by random() limit 100`,
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
  /** Seconds since the token was first sent; null where it was not. */
  sentFor: number | null
}

/** Reads and locks the credential and the lease. @returns null where the credential has been erased */
export async function lockedLease(em: EntityManager, accountUuid: string): Promise<LeaseEvidence | null> {
  const [row] = await em.execute<LeaseEvidence[]>(
    `select credential.version, credential.parent_version as "parentVersion", credential.parent_fence as "parentFence",
       lease.fence, lease.fails, lease.takeover, lease.doubted, lease.rejections,
       extract(epoch from clock_timestamp() - lease.refused_at)::float8 as "heldFor",
       extract(epoch from clock_timestamp() - lease.sent_at)::float8 as "sentFor"
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

/**
 * Ends the lease of a claim that another answer has overtaken: what is stored now was not sent yet. What is known of it
 * stays.
 */
export async function yieldLease(em: EntityManager, accountUuid: string, fence: number) {
  await em.execute(
    `update refresh_lease set owner = null, until = null, in_flight = false, takeover = false
     where account_id = ? and fence = ?`,
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

/** Nobody is given the access token of a version any more: two things speak against it. */
export async function endAccess(em: EntityManager, accountUuid: string, version: number) {
  await em.execute(
    `with ended as (
       update credential set expires_at = clock_timestamp()
       where account_id = ? and version = ? and coalesce(expires_at > clock_timestamp(), true) returning expires_at
     )
     update connected_account set token_expires_at = ended.expires_at from ended where id = ?`,
    [accountUuid, version, accountUuid],
  )
}
