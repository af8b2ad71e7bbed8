/**
 * Refreshing, once, however many ask: security.md §4.
 *
 *   stale ──claim──▶ leased ──send──▶ answered, and written down ──commit──▶ fresh
 *                      │                 ├──refused──▶ the grant is over
 *                      │                 └──anything else──▶ stale again, later
 *                      └──the process died──▶ the lease lapses, another takes over
 *
 * In one process, callers join one flight. Between processes, a lease row decides: one UPDATE claims
 * it, and no database connection is held while the provider is called. The commit is keyed on the
 * version that was consumed, not on the lease: a late answer is still the newest token.
 *
 * How many may be under way, and whether the provider is worth asking, is in circuit.ts.
 */
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { Connection } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import { templateValues } from '../connectors/form.js'
import { ValetkeyError } from '../errors.js'
import { fetches, renewal } from '../oauth/definition.js'
import type { Provider, Registration, StoredTokens } from '../oauth/provider.js'
import { type FailureKind, TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { Vault } from '../vault/vault.js'
import { type CallOutcome, Circuits, HELD_BACK } from './circuit.js'
import { AccountStatus, ConnectedAccount } from './connected-account.js'
import { type AccessSecret, openCredential } from './credential.secret.js'
import type { Failpoint } from './failpoint.js'
import type { Grants } from './grant.js'
import { endLease } from './refresh-lease.secret.js'
import type { Claim, Spool, SpoolEntry } from './spool.js'

/** How a refresh ended, for those who wait for it. */
export type RefreshResult =
  /** The store holds something newer than what the caller saw. */
  | { kind: 'renewed' }
  /** The account changed: read it again. */
  | { kind: 'changed' }
  | { kind: 'misconfigured'; problem: string }
  | { kind: 'unavailable'; reason: string; retryAfter: number }

/** Seconds that a claim stands: longer than the whole call of the provider, and than a restart. */
const LEASE = 60
/** Seconds of the provider's call (egress.ts): a process that slept for longer than the rest of its lease does not send. */
const CALL = 15
/** Milliseconds that a caller waits for someone else's refresh. */
const PATIENCE = 20_000
/** Seconds between tries, at the first and at the longest. */
const FIRST_RETRY = 1
const LONGEST_RETRY = 900
/** What a failure says about the provider. */
const OUTCOMES: Record<FailureKind, CallOutcome> = {
  grant: 'refused',
  client: 'answered',
  throttled: 'answered',
  not_sent: 'nothing',
  unknown: 'nothing',
  protocol: 'nothing',
}
/** Said of a grant that ended with an answer that nobody has read: docs/refresh.md. */
const LOST = 'The answer to a refresh was lost (refresh_outcome_lost), and with it the grant.'
/** Seconds until a refresh whose outcome is unknown is tried again by whoever asks. */
const UNKNOWN_RETRY = 1

export class Refresher {
  private readonly me = randomUUID()
  private readonly flights = new Map<string, Promise<RefreshResult>>()
  private readonly circuits: Circuits

  constructor(
    private readonly orm: MikroORM,
    private readonly pool: Pool,
    private readonly connections: Connections,
    private readonly grants: Grants,
    private readonly provider: Provider,
    private readonly vault: Vault,
    private readonly spool: Spool,
    private readonly failpoint: (point: Failpoint) => void,
    private readonly observe: (outcome: string) => void,
    private readonly warn: (message: string, details: object) => void,
  ) {
    this.circuits = new Circuits(pool)
  }

  /**
   * Has the account's tokens renewed, unless they are newer than `seenVersion` already.
   *
   * @param connection the account's
   * @param seenVersion the credential's version that the caller found stale
   */
  refresh(accountUuid: string, connection: Connection, seenVersion: number): Promise<RefreshResult> {
    const key = `${accountUuid}/${seenVersion}`
    const flight =
      this.flights.get(key) ?? this.inTurn(accountUuid, connection, seenVersion).finally(() => this.flights.delete(key))
    this.flights.set(key, flight)
    return patiently(flight)
  }

  /** Resolves when no refresh is under way: what a provider has answered is in the store then. */
  async drain() {
    await Promise.allSettled(this.flights.values())
  }

  private async inTurn(accountUuid: string, connection: Connection, seenVersion: number): Promise<RefreshResult> {
    const giveUp = Date.now() + PATIENCE
    const leave = await this.circuits.turn(connection.uuid, PATIENCE)
    if (!leave)
      return {
        kind: 'unavailable',
        reason: 'Many accounts of this connection are being refreshed, and this one had to wait for too long.',
        retryAfter: 5,
      }
    try {
      return await this.fly(accountUuid, connection, seenVersion, giveUp)
    } finally {
      leave()
    }
  }

  private async fly(
    accountUuid: string,
    connection: Connection,
    seenVersion: number,
    giveUp: number,
  ): Promise<RefreshResult> {
    // A strict provider ends the grant when it sees a token twice: after a lost outcome, the access token's own end comes first.
    const replays = this.replays(connection)
    for (let wait = 50; ; wait = Math.min(wait * 1.5, 500)) {
      this.failpoint('P0')
      const claimedAt = performance.now()
      const claimed = await this.claim(accountUuid, seenVersion, replays)
      if (claimed) {
        try {
          return await this.carryOut(accountUuid, connection.uuid, { version: seenVersion, ...claimed }, claimedAt)
        } finally {
          await this.circuits.leave(connection.uuid, accountUuid)
        }
      }
      const state = await this.look(accountUuid, replays)
      if (!state || state.status !== AccountStatus.ACTIVE) return { kind: 'changed' }
      if (state.version !== seenVersion) return { kind: 'renewed' }
      if (state.pause > 0)
        return {
          kind: 'unavailable',
          reason: state.lastError ?? 'The provider is not answering.',
          retryAfter: Math.ceil(state.pause),
        }
      if (!state.slotted) {
        await this.circuits.makeSlots(accountUuid)
        continue
      }
      if (state.failing)
        return { kind: 'unavailable', reason: state.lastError ?? 'The provider is not answering.', retryAfter: 5 }
      if (Date.now() > giveUp)
        return { kind: 'unavailable', reason: 'Another refresh of this account has not ended yet.', retryAfter: 5 }
      await sleep(wait * (0.5 + Math.random()))
    }
  }

  private replays(connection: Connection): boolean {
    const how = renewal(this.connections.kind(connection).method.runs)
    return how === false || how.rotation !== 'rotates' || (how.reuseGraceSeconds ?? 0) >= LEASE
  }

  /**
   * One statement, committed before anything is sent: the account's lease, and one of its connection's slots.
   *
   * @param replays a refresh whose outcome is unknown may be repeated while the access token still works
   * @returns null where there is none to be had
   */
  private async claim(
    accountUuid: string,
    version: number,
    replays: boolean,
  ): Promise<{ fence: number; takeover: boolean } | null> {
    const { rows } = await this.pool.query({
      name: 'refresh-claim',
      text: `
        with place as (
          select slot.connection_id, slot.slot
          from refresh_slot slot join connected_account account on account.connection_id = slot.connection_id join connection on connection.id = slot.connection_id
          where account.id = $1 and (slot.until is null or slot.until < clock_timestamp()) and (slot.slot = 1 or not connection.failing)
            and (connection.paused_until is null or connection.paused_until <= clock_timestamp())
          order by slot.slot limit 1 for update of slot skip locked
        ), claimed as (
          insert into refresh_lease as lease (account_id, owner, until, fence, in_flight)
          select credential.account_id, $3::uuid, clock_timestamp() + make_interval(secs => $4), 1, true
          from place, credential join connected_account account on account.id = credential.account_id
          where credential.account_id = $1 and credential.version = $2 and account.status = 'ACTIVE'
          on conflict (account_id) do update
          set owner = excluded.owner, until = excluded.until, fence = lease.fence + 1, in_flight = true, takeover = lease.in_flight
          where (lease.until is null or greatest(lease.until, pg_postmaster_start_time() + interval '10 seconds') < clock_timestamp())
            and (lease.next_attempt_at is null or lease.next_attempt_at <= clock_timestamp())
            and ($5 or not lease.in_flight or (select expires_at < clock_timestamp() from credential where account_id = $1))
          returning fence, takeover
        ), taken as (
          update refresh_slot slot set holder = $1, until = clock_timestamp() + make_interval(secs => $4)
          from place, claimed where slot.connection_id = place.connection_id and slot.slot = place.slot
        )
        select fence, takeover from claimed`,
      values: [accountUuid, version, this.me, LEASE, replays],
    })
    return rows[0] ?? null
  }

  /** @param replays as in `claim`: where not, an unknown outcome is waited out until the access token has ended */
  private async look(
    accountUuid: string,
    replays: boolean,
  ): Promise<{
    version: number
    status: AccountStatus
    pause: number
    lastError: string | null
    slotted: boolean
    failing: boolean
  } | null> {
    const { rows } = await this.pool.query({
      name: 'refresh-look',
      text: `
        select credential.version, account.status, lease.last_error as "lastError", connection.failing,
          exists (select from refresh_slot where connection_id = account.connection_id) as slotted,
          coalesce(extract(epoch from greatest(lease.next_attempt_at, connection.paused_until, case when lease.in_flight and lease.until is null and not $2 then credential.expires_at end) - clock_timestamp()), 0)::float8 as pause
        from connected_account account join connection on connection.id = account.connection_id join credential on credential.account_id = account.id left join refresh_lease lease on lease.account_id = account.id
        where account.id = $1`,
      values: [accountUuid, replays],
    })
    return rows[0] ?? null
  }

  private async carryOut(
    accountUuid: string,
    connectionUuid: string,
    claim: Claim,
    claimedAt: number,
  ): Promise<RefreshResult> {
    const { fence } = claim
    let prepared: Prepared | RefreshResult
    try {
      prepared = await this.prepare(accountUuid, claim)
    } catch (error) {
      await this.release(accountUuid, fence)
      throw error
    }
    if ('kind' in prepared) {
      await this.release(accountUuid, fence)
      return prepared
    }
    const { registration, stored, kept, scopes, values } = prepared
    this.failpoint('P1')
    const account = { ...values, ...kept.found }
    let entry: SpoolEntry | null = null
    let tokens: TokenSet
    try {
      if (prepared.moved)
        throw new TokenFailure(
          'grant',
          "The connection's app or address changed, and this grant belongs to the old one.",
          'registration_changed',
        )
      entry = this.spool.begin(accountUuid, claim)
      const open = entry
      // A process that was stopped meanwhile may have been taken over.
      if (performance.now() - claimedAt > (LEASE - CALL) * 1000) {
        entry.remove()
        await this.release(accountUuid, fence)
        return { kind: 'changed' }
      }
      tokens = await this.provider.refresh(registration, stored, scopes, account, (answer, sentAt) => {
        this.failpoint('P3')
        open.write({ answer, sentAt })
        this.failpoint('P4')
      })
    } catch (error) {
      const failure =
        error instanceof TokenFailure
          ? error
          : error instanceof ValetkeyError
            ? new TokenFailure('client', error.message, error.code, null, error)
            : null
      if (!failure) {
        entry?.remove()
        await this.release(accountUuid, fence)
        throw error
      }
      this.observe(failure.kind)
      const result = await this.persistently(() => this.failed(accountUuid, claim, failure))
      entry?.remove()
      await this.circuits.note(connectionUuid, OUTCOMES[failure.kind])
      return result
    }
    this.observe('renewed')
    const result = await this.persistently(() => this.commit(accountUuid, claim, tokens, prepared))
    this.failpoint('P5')
    entry.remove()
    this.failpoint('P6')
    await this.circuits.note(connectionUuid, 'renewed')
    return result
  }

  /**
   * Stores what a process of before was told and did not get to store. Run before anything is served:
   * another replica takes the lease over when it has lapsed, and would spend the token once more.
   *
   * @returns how many answers were left
   */
  async replay(): Promise<number> {
    const left = this.spool.left((file) =>
      this.warn('An answer that was left was sealed by keys that this server does not have; it stays where it is.', {
        file,
      }),
    )
    for (const { accountUuid, claim, spooled, remove } of left) {
      const prepared = await this.prepare(accountUuid, claim).catch((error) => {
        if (error instanceof ValetkeyError) return null
        throw error
      })
      if (!prepared) {
        this.warn('An answer that was left belongs to a connection that cannot be used now; it stays where it is.', {
          account: accountUuid,
        })
        continue
      }
      if (!('kind' in prepared)) {
        try {
          const tokens = this.provider.reread(prepared.registration, spooled.answer, spooled.sentAt)
          await this.persistently(() => this.commit(accountUuid, claim, tokens, prepared))
          this.warn('An answer of a provider that was left by a process of before is stored now.', {
            account: accountUuid,
          })
        } catch (error) {
          if (!(error instanceof TokenFailure)) throw error
          await this.persistently(() => this.failed(accountUuid, claim, error))
        }
      }
      remove()
    }
    return left.length
  }

  /** Reads what the call needs, after the claim: a version that has moved on meanwhile is seen here. */
  private async prepare(accountUuid: string, { version }: Claim): Promise<Prepared | RefreshResult> {
    const em = this.orm.em.fork()
    const account = await em.findOne(ConnectedAccount, { uuid: accountUuid }, { populate: ['connection'] })
    if (!account || account.status !== AccountStatus.ACTIVE) return { kind: 'changed' }
    const { rows } = await this.pool.query({
      name: 'credential',
      text: 'select account_id, version, access, refresh, registration from credential where account_id = $1',
      values: [accountUuid],
    })
    if (rows[0]?.version !== version) return { kind: 'renewed' }
    const connection = account.connection.unwrap()
    const { tokens, access } = openCredential(rows[0], this.vault)
    const registration = await this.connections.registration(em, connection)
    // What is fetched anew was given to nobody before: it belongs to the connection as it is now.
    const fetchedAnew = renewal(registration.method) !== false && fetches(registration.method)
    return {
      registration,
      moved: !fetchedAnew && rows[0].registration !== this.connections.fingerprint(connection),
      stored: tokens,
      kept: access,
      scopes: account.grantedScopes,
      values: templateValues(this.connections.kind(connection).method.accountFields, {
        ...account.values,
        ...access.fields,
      }),
    }
  }

  private async commit(
    accountUuid: string,
    claim: Claim,
    tokens: TokenSet,
    { registration, stored: before, kept, values }: Prepared,
  ): Promise<RefreshResult> {
    const now = new Date()
    const stored = await this.inTransaction(accountUuid, async (em, account, connection) => {
      if (account.status === AccountStatus.DISCONNECTED) return 'disconnected'
      const version = await this.grants.renew(em, account, tokens, before, kept, claim, now)
      if (version === null) return 'moved on'
      connection.mended(now)
      await endLease(em, accountUuid, claim.fence)
      this.audit().record(em, {
        action: 'token.refreshed',
        connection: connection.name,
        identifier: account.identifier,
      })
      return version
    })
    const account = { ...values, ...kept.found }
    if (typeof stored === 'number') {
      await this.learnExpiry(accountUuid, stored, await this.provider.toldExpiry(registration, tokens, account))
      return { kind: 'renewed' }
    }
    if (stored === 'moved on') return { kind: 'changed' }
    // Ended while the provider was answering: what it gave must not live on (security.md §4.3, 6).
    await this.provider.revoke(
      registration,
      { ...before, ...tokens, refreshToken: tokens.refreshToken ?? before.refreshToken },
      account,
    )
    return { kind: 'changed' }
  }

  /** What the provider told about the tokens that are stored as `version`; in vain where they are newer by now. */
  private async learnExpiry(accountUuid: string, version: number, expiresAt: Date | null) {
    if (!expiresAt) return
    await this.pool.query(
      `with told as (update credential set expires_at = clock_timestamp() + make_interval(secs => $3) where account_id = $1 and version = $2 returning expires_at)
       update connected_account set token_expires_at = told.expires_at from told where id = $1`,
      [accountUuid, version, (expiresAt.getTime() - Date.now()) / 1000],
    )
  }

  private async failed(accountUuid: string, { version, fence }: Claim, failure: TokenFailure): Promise<RefreshResult> {
    const now = new Date()
    let result: RefreshResult = { kind: 'changed' }
    await this.inTransaction(accountUuid, async (em, account, connection) => {
      const [current] = await em.execute<
        { version: number; fence: number; fails: number; takeover: boolean; held: number | null }[]
      >(
        'select credential.version, lease.fence, lease.fails, lease.takeover, extract(epoch from clock_timestamp() - lease.refused_at)::float8 as held from credential join refresh_lease lease on lease.account_id = credential.account_id where credential.account_id = ? for update of credential, lease',
        [accountUuid],
      )
      // Evidence counts against the version that it was found for, and from the latest claim alone.
      if (!current || current.version !== version || current.fence !== fence) {
        result = current && current.version !== version ? { kind: 'renewed' } : { kind: 'changed' }
        return
      }
      account.refreshFailed(failure.message, failure.providerError, now)
      this.audit().record(em, {
        action: 'token.refreshed',
        outcome: AuditOutcome.FAILED,
        connection: connection.name,
        identifier: account.identifier,
        details: { kind: failure.kind, providerError: failure.providerError },
      })
      if (failure.kind === 'grant' && this.circuits.doubtful(connection.uuid) && (current.held ?? 0) < HELD_BACK) {
        const wait = HELD_BACK - (current.held ?? 0)
        await em.execute(
          `update refresh_lease set owner = null, until = null, in_flight = false, refused_at = coalesce(refused_at, clock_timestamp()), last_error = ?, next_attempt_at = clock_timestamp() + make_interval(secs => ?) where account_id = ? and fence = ?`,
          [failure.message, wait, accountUuid, fence],
        )
        this.warn(
          'The provider refuses suspiciously many grants of a connection; they are asked for again before they count as lost.',
          { connection: connection.name },
        )
        result = {
          kind: 'unavailable',
          reason: `${failure.message} It refuses many users at once, which is more often its fault than theirs; the grant is kept and tried again.`,
          retryAfter: Math.ceil(wait),
        }
      } else if (failure.kind === 'grant') {
        account.refused(current.takeover ? `${LOST} ${failure.message}` : failure.message, now)
        await endLease(em, accountUuid, fence)
      } else if (failure.kind === 'client') {
        const problem = `${failure.message} Check the client id and secret of this connection, and what the app is allowed to do at the provider.`
        connection.misconfigured(problem, now)
        await endLease(em, accountUuid, fence)
        result = { kind: 'misconfigured', problem }
      } else {
        const pause =
          failure.retryAfter ??
          (failure.kind === 'not_sent' ? backoff(current.fails) : Math.max(UNKNOWN_RETRY, backoff(current.fails) / 2))
        // Too many requests are the app's, not this account's: every account of the connection waits.
        if (failure.kind === 'throttled')
          await em.execute(
            'update connection set paused_until = clock_timestamp() + make_interval(secs => ?) where id = ?',
            [pause, connection.uuid],
          )
        const unknown = failure.kind !== 'not_sent' && failure.kind !== 'throttled'
        await em.execute(
          `update refresh_lease set owner = null, until = null, in_flight = ?, fails = fails + 1, last_error = ?, next_attempt_at = clock_timestamp() + make_interval(secs => ?) where account_id = ? and fence = ?`,
          [unknown, failure.message, pause, accountUuid, fence],
        )
        result = { kind: 'unavailable', reason: failure.message, retryAfter: Math.max(1, Math.ceil(pause)) }
      }
    })
    return result
  }

  /** Locks in one order everywhere: connection by need, account, credential, lease. */
  private async inTransaction<T>(
    accountUuid: string,
    work: (em: EntityManager, account: ConnectedAccount, connection: Connection) => Promise<T>,
  ): Promise<T | 'disconnected'> {
    return this.orm.em.fork().transactional(async (em) => {
      const account = await em.findOne(
        ConnectedAccount,
        { uuid: accountUuid },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      )
      if (!account) return 'disconnected' as const
      const connection = await em.findOneOrFail(Connection, { uuid: account.connection.unwrap().uuid })
      return work(em, account, connection)
    })
  }

  /** What a provider has answered is not lost to a database that is away for a while. */
  private async persistently(work: () => Promise<RefreshResult>): Promise<RefreshResult> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      try {
        return await work()
      } catch (error) {
        if (!isDatabaseAway(error)) throw error
        this.warn('The outcome of a refresh could not be written; trying again.', { err: error })
        await sleep(wait)
      }
    }
  }

  private async release(accountUuid: string, fence: number) {
    await this.pool.query(
      'update refresh_lease set owner = null, until = null, in_flight = false where account_id = $1 and fence = $2',
      [accountUuid, fence],
    )
  }

  private audit() {
    return new AuditTrail('valetkey', null, this.me)
  }
}

interface Prepared {
  registration: Registration
  /** The connection's app or address is no longer the one that the tokens were given to. */
  moved: boolean
  stored: StoredTokens
  kept: Pick<AccessSecret, 'found' | 'fields'>
  scopes: string[]
  /** What templates see of the account's form. */
  values: Record<string, unknown>
}

/** Waits for a flight, but not for ever: it goes on, and whoever asks later meets it or what it brought. */
async function patiently(flight: Promise<RefreshResult>): Promise<RefreshResult> {
  let timer: NodeJS.Timeout | undefined
  const tired = new Promise<RefreshResult>((resolve) => {
    timer = setTimeout(
      () => resolve({ kind: 'unavailable', reason: 'The refresh has not ended yet.', retryAfter: 5 }),
      PATIENCE,
    )
  })
  return Promise.race([flight, tired]).finally(() => clearTimeout(timer))
}

function backoff(fails: number): number {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** fails) * (0.5 + Math.random())
}

/** Connection trouble (class 08, 57P0x, 53300), waits that were cut short (57014, 55P03, 25P03, 40xxx) and broken sockets: the same statement may succeed later. */
function isDatabaseAway(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = String((at as NodeJS.ErrnoException).code ?? '')
    if (
      /^(08|57P0|57014|55000|55P03|25P03|53300|40001|40P01|ECONN|EPIPE|ENOENT|ETIMEDOUT)/.test(code) ||
      /Connection terminated|timeout exceeded when trying to connect/i.test(at.message)
    )
      return true
  }
  return false
}
