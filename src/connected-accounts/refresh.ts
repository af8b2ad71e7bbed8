/**
 * Refreshing, once, however many ask: security.md §4.
 *
 *   stale ──claim──▶ leased ──send──▶ answered ──commit──▶ fresh
 *                      │                 ├──refused──▶ the grant is over
 *                      │                 └──anything else──▶ stale again, later
 *                      └──the process died──▶ the lease lapses, another takes over
 *
 * In one process, callers join one flight. Between processes, a lease row decides: one UPDATE claims
 * it, and no database connection is held while the provider is called. The commit is keyed on the
 * version that was consumed, not on the lease: a late answer is still the newest token.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { Connection } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import { ValetkeyError } from '../errors.js'
import { isOAuth, type OAuthRegistration, type Provider, type StoredTokens } from '../oauth/provider.js'
import { TokenFailure, type TokenSet } from '../oauth/token-request.js'
import type { Vault } from '../vault/vault.js'
import { AccountStatus, ConnectedAccount } from './connected-account.js'
import { type AccessSecret, openCredential } from './credential.secret.js'
import type { Grants } from './grant.js'

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
/** Milliseconds that a caller waits for someone else's refresh. */
const PATIENCE = 20_000
/** Seconds between tries, at the first and at the longest. */
const FIRST_RETRY = 1
const LONGEST_RETRY = 900
/** Seconds until a refresh whose outcome is unknown is tried again by whoever asks. */
const UNKNOWN_RETRY = 1

export class Refresher {
  private readonly me = randomUUID()
  private readonly flights = new Map<string, Promise<RefreshResult>>()

  constructor(
    private readonly orm: MikroORM,
    private readonly pool: Pool,
    private readonly connections: Connections,
    private readonly grants: Grants,
    private readonly provider: Provider,
    private readonly vault: Vault,
    private readonly observe: (outcome: string) => void,
    private readonly warn: (message: string, details: object) => void,
  ) {}

  /**
   * Has the account's tokens renewed, unless they are newer than `seenVersion` already.
   *
   * @param accountUuid the account
   * @param seenVersion the credential's version that the caller found stale
   */
  refresh(accountUuid: string, seenVersion: number): Promise<RefreshResult> {
    const key = `${accountUuid}/${seenVersion}`
    const under = this.flights.get(key)
    if (under) return under
    const flight = this.fly(accountUuid, seenVersion).finally(() => this.flights.delete(key))
    this.flights.set(key, flight)
    return flight
  }

  /** Resolves when no refresh is under way: what a provider has answered is in the store then. */
  async drain() {
    await Promise.allSettled(this.flights.values())
  }

  private async fly(accountUuid: string, seenVersion: number): Promise<RefreshResult> {
    const giveUp = Date.now() + PATIENCE
    for (let wait = 50; ; wait = Math.min(wait * 1.5, 500)) {
      const fence = await this.claim(accountUuid, seenVersion)
      if (fence !== null) return this.carryOut(accountUuid, seenVersion, fence)
      const state = await this.look(accountUuid)
      if (!state || state.status !== AccountStatus.ACTIVE) return { kind: 'changed' }
      if (state.version !== seenVersion) return { kind: 'renewed' }
      if (state.pause > 0) return { kind: 'unavailable', reason: state.lastError ?? 'The provider is not answering.', retryAfter: Math.ceil(state.pause) }
      if (Date.now() > giveUp) return { kind: 'unavailable', reason: 'Another refresh of this account has not ended yet.', retryAfter: 5 }
      await sleep(wait * (0.5 + Math.random()))
    }
  }

  /** One statement, committed before anything is sent. @returns the fence of the claim, null where there is none to be had */
  private async claim(accountUuid: string, version: number): Promise<number | null> {
    const { rows } = await this.pool.query({
      name: 'refresh-claim',
      text: `
        insert into refresh_lease as lease (account_id, owner, until, fence, in_flight)
        select credential.account_id, $3::uuid, clock_timestamp() + make_interval(secs => $4), 1, true
        from credential join connected_account account on account.id = credential.account_id
        where credential.account_id = $1 and credential.version = $2 and account.status = 'ACTIVE'
        on conflict (account_id) do update
        set owner = excluded.owner, until = excluded.until, fence = lease.fence + 1, in_flight = true
        where (lease.until is null or greatest(lease.until, pg_postmaster_start_time() + interval '10 seconds') < clock_timestamp())
          and (lease.next_attempt_at is null or lease.next_attempt_at <= clock_timestamp())
        returning fence`,
      values: [accountUuid, version, this.me, LEASE],
    })
    return rows[0]?.fence ?? null
  }

  private async look(accountUuid: string): Promise<{ version: number; status: AccountStatus; pause: number; lastError: string | null } | null> {
    const { rows } = await this.pool.query({
      name: 'refresh-look',
      text: `
        select credential.version, account.status, lease.last_error as "lastError",
          coalesce(extract(epoch from lease.next_attempt_at - clock_timestamp()), 0)::float8 as pause
        from connected_account account join credential on credential.account_id = account.id left join refresh_lease lease on lease.account_id = account.id
        where account.id = $1`,
      values: [accountUuid],
    })
    return rows[0] ?? null
  }

  private async carryOut(accountUuid: string, version: number, fence: number): Promise<RefreshResult> {
    const claim = { version, fence }
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
    const account = { ...values, ...kept.found, ...kept.fields }
    let tokens: TokenSet
    try {
      if (prepared.moved) throw new TokenFailure('grant', "The connection's app or address changed, and this grant belongs to the old one.", 'registration_changed')
      if (registration.method.refresh !== false && registration.method.refresh.using === 'refresh_token' && stored.refreshToken === null) {
        throw new TokenFailure('grant', 'The access token has expired, and the provider gave no refresh token.', 'no_refresh_token')
      }
      tokens = await this.provider.refresh(registration, stored, scopes, account)
    } catch (error) {
      const failure = error instanceof TokenFailure ? error : error instanceof ValetkeyError ? new TokenFailure('client', error.message, error.code, null, error) : null
      if (!failure) {
        await this.release(accountUuid, fence)
        throw error
      }
      this.observe(failure.kind)
      return this.persistently(() => this.failed(accountUuid, claim, failure))
    }
    this.observe('renewed')
    return this.persistently(() => this.commit(accountUuid, claim, tokens, prepared))
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
    // A key that the user brought along does not expire, and cannot be renewed.
    if (!isOAuth(registration)) return { kind: 'renewed' }
    return {
      registration,
      moved: rows[0].registration !== this.connections.fingerprint(connection),
      stored: tokens,
      kept: access,
      scopes: account.grantedScopes,
      values: account.values,
    }
  }

  private async commit(accountUuid: string, claim: Claim, tokens: TokenSet, { registration, stored: before, kept, values }: Prepared): Promise<RefreshResult> {
    const now = new Date()
    const stored = await this.inTransaction(accountUuid, async (em, account, connection) => {
      if (account.status === AccountStatus.DISCONNECTED) return 'disconnected'
      const version = await this.grants.renew(em, account, tokens, before, kept, claim, now)
      if (version === null) return 'moved on'
      connection.mended(now)
      await releaseLease(em, accountUuid, claim.fence)
      this.audit().record(em, { action: 'token.refreshed', connection: connection.name, identifier: account.identifier })
      return version
    })
    const account = { ...values, ...kept.found, ...kept.fields }
    if (typeof stored === 'number') {
      await this.learnExpiry(accountUuid, stored, await this.provider.toldExpiry(registration, tokens, account))
      return { kind: 'renewed' }
    }
    if (stored === 'moved on') return { kind: 'changed' }
    // Ended while the provider was answering: what it gave must not live on (security.md §4.3, 6).
    await this.provider.revoke(registration, { ...before, ...tokens, refreshToken: tokens.refreshToken ?? before.refreshToken }, account)
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
      const [current] = await em.execute<{ version: number; fence: number; fails: number }[]>(
        'select credential.version, lease.fence, lease.fails from credential join refresh_lease lease on lease.account_id = credential.account_id where credential.account_id = ? for update of credential, lease',
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
      if (failure.kind === 'grant') {
        account.refused(failure.message, now)
        await releaseLease(em, accountUuid, fence)
      } else if (failure.kind === 'client') {
        const problem = `${failure.message} Check the client id and secret of this connection, and what the app is allowed to do at the provider.`
        connection.misconfigured(problem, now)
        await releaseLease(em, accountUuid, fence)
        result = { kind: 'misconfigured', problem }
      } else {
        const pause = failure.retryAfter ?? (failure.kind === 'not_sent' ? backoff(current.fails) : Math.max(UNKNOWN_RETRY, backoff(current.fails) / 2))
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
  private async inTransaction<T>(accountUuid: string, work: (em: EntityManager, account: ConnectedAccount, connection: Connection) => Promise<T>): Promise<T | 'disconnected'> {
    return this.orm.em.fork().transactional(async (em) => {
      const account = await em.findOne(ConnectedAccount, { uuid: accountUuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
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
    await this.pool.query('update refresh_lease set owner = null, until = null, in_flight = false where account_id = $1 and fence = $2', [accountUuid, fence])
  }

  private audit() {
    return new AuditTrail('valetkey', null, this.me)
  }
}

interface Claim {
  version: number
  fence: number
}

interface Prepared {
  registration: OAuthRegistration
  /** The connection's app or address is no longer the one that the tokens were given to. */
  moved: boolean
  stored: StoredTokens
  kept: Pick<AccessSecret, 'found' | 'fields'>
  scopes: string[]
  values: Record<string, string>
}

async function releaseLease(em: EntityManager, accountUuid: string, fence: number) {
  await em.execute(
    'update refresh_lease set owner = null, until = null, in_flight = false, fails = 0, next_attempt_at = null, last_error = null where account_id = ? and fence = ?',
    [accountUuid, fence],
  )
}

function backoff(fails: number): number {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** fails) * (0.5 + Math.random())
}

/** Connection trouble (class 08, 57P0x, 53300), waits that were cut short (57014, 55P03, 25P03, 40xxx) and broken sockets: the same statement may succeed later. */
function isDatabaseAway(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = String((at as NodeJS.ErrnoException).code ?? '')
    if (
      /^(08|57P0|57014|55P03|25P03|53300|40001|40P01|ECONN|EPIPE|ENOENT|ETIMEDOUT)/.test(code) ||
      /Connection terminated|timeout exceeded when trying to connect/i.test(at.message)
    )
      return true
  }
  return false
}
