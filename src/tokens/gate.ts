/**
 * The gate: the only way by which credentials leave the server. It decides whether a caller gets the
 * credential of an account, and has the token refreshed where that is needed.
 *
 *   may the caller? ─▶ is the connection in use? ─▶ does the token last? ──no──▶ refresh
 *                                                        │yes
 *                   recorded ◀── the credential, or why there is none
 *
 * While the token is valid for long enough, the answer comes from the database without a call of the
 * provider. Every answer is written to the audit log before it is returned.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import type { AuditLog } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { assertMayUse } from '../callers/caller.js'
import { clock } from '../clock.js'
import { AccountStatus, type ConnectedAccount } from '../connected-accounts/connected-account.js'
import { type Connection, ConnectionStatus } from '../connections/connection.js'
import { MOVED } from '../connections/registration.js'
import type { Setups } from '../connections/setups.js'
import type { Context } from '../context.js'
import type { StoredCredential, StoredCredentials } from '../credentials/stored-credential.js'
import { equalInConstantTime } from '../hash.js'
import type { Limit, Limits } from '../limits/limits.js'
import type { Warn } from '../log.js'
import type { Refresher } from '../refresh/refresh.js'
import { type Access, isCredential, type Refusal } from './access.js'
import type { CredentialMaker } from './credential.js'
import { earlyRenewal, endsSoon, isStale, NEW } from './freshness.js'
import { assertPurpose, assertWish, type Wish } from './wish.js'

/** Refreshes that one query waits for: more than one only if the user authorizes again meanwhile. */
const MOST_RENEWALS = 3
const NOT_YET = 'The user has not authorized yet; call startAuthorization and hand over the link.'

/** Where the gate records each answer. */
export interface Records {
  pool: Pool
  auditLog: AuditLog
  /** Counts answers by their type. */
  observe: (answer: string) => void
  warn: Warn
}

/** Hands out credentials to callers that may have them. */
export class Gate {
  constructor(
    private readonly setups: Setups,
    private readonly credentials: StoredCredentials,
    private readonly refresher: Refresher,
    private readonly maker: CredentialMaker,
    private readonly records: Records,
    private readonly limits: Limits,
    /** Of the queries for one account; `most` is 0 for none. */
    private readonly limit: Limit,
  ) {}

  /**
   * @param context of the caller
   * @param account its connection need not be loaded
   * @param wish what the caller demands of the token
   * @returns a credential that is valid now, or why there is none
   * @throws {ValetkeyError} FORBIDDEN; NOT_FOUND for an account that the caller is not bound to;
   *   BAD_USER_INPUT for demands that are out of range; RATE_LIMITED
   */
  async access(context: Context, account: ConnectedAccount, wish: Wish): Promise<Access> {
    await context.authorize('ConnectedAccount.token')
    const connection = await account.connection.loadOrFail()
    assertMayUse(context.caller, 'This connected account', connection, account.identifier)
    assertWish(wish)
    if (connection.purposeRequired || context.caller.key?.purposeRequired === true) assertPurpose(wish)
    if (this.limit.most > 0)
      this.limits.flow(`account:${account.uuid}`, this.limit, 'This account is asked for too often.')
    const access = await this.decide(context, account, connection, wish)
    await this.record(context, account, connection, wish, access)
    return access
  }

  private async decide(
    context: Context,
    account: ConnectedAccount,
    connection: Connection,
    wish: Wish,
  ): Promise<Access> {
    if (!this.setups.offers(connection))
      return {
        type: 'ConnectionUnavailable',
        status: connection.status,
        reason: `This server's catalogue has no connector ${connection.connectorKey}.`,
      }
    if (connection.status === ConnectionStatus.DRAFT || connection.status === ConnectionStatus.DISABLED)
      return unavailable(connection)
    const stored = await this.fresh(context.em, account, connection, wish)
    if (stored && 'type' in stored) return stored
    if (!stored)
      return { type: 'AuthorizationRequired', status: account.status, reason: account.statusReason ?? NOT_YET }
    if (stored.status !== AccountStatus.ACTIVE)
      return {
        type: 'AuthorizationRequired',
        status: stored.status,
        reason: stored.reason ?? 'The account is not active.',
      }
    const missingScopes = (wish.scopes ?? []).filter((scope) => !stored.granted.includes(scope))
    if (missingScopes.length > 0) return { type: 'InsufficientScope', missingScopes, grantedScopes: stored.granted }
    return this.maker.make(context.em, stored, account, connection)
  }

  /**
   * The account's stored credential, refreshed first where the caller's demands require it.
   *
   * @returns null where the account has no credential; a refusal where the refresh failed
   */
  private async fresh(
    em: EntityManager,
    account: ConnectedAccount,
    connection: Connection,
    { minValidity, rejected }: Wish,
  ): Promise<StoredCredential | Refusal | null> {
    let stored = await this.credentials.of(em, account)
    if (stored?.status === AccountStatus.ACTIVE && this.isMoved(stored, connection))
      return { type: 'AuthorizationRequired', status: stored.status, reason: MOVED }
    let renewals = 0
    if (stored && rejected !== null && this.isCurrent(stored, rejected, connection)) {
      const refusal = await this.renew(account, connection, stored, true)
      stored = await this.credentials.of(em, account)
      if (refusal) return refusal
      renewals += 1
    }
    const wanted = Math.max(minValidity, earlyRenewal(this.setups.methodOf(connection)))
    while (stored?.status === AccountStatus.ACTIVE && this.needsRenewal(stored, connection, wanted, renewals > 0)) {
      const refusal = await this.renew(account, connection, stored)
      stored = await this.credentials.of(em, account)
      if (refusal && stored && !this.explains(stored, connection, minValidity, renewals)) break
      if (refusal) return refusal
      if (++renewals > MOST_RENEWALS)
        return {
          type: 'ProviderUnavailable',
          reason: 'The token changed again and again while it was read.',
          retryAfter: 1,
        }
    }
    if (stored?.status === AccountStatus.ACTIVE && renewals === 0) this.renewAhead(stored, connection)
    return stored
  }

  /** Whether the user consented to another app or address than the connection has now. */
  private isMoved(stored: StoredCredential, connection: Connection): boolean {
    return !this.setups.isRegistered(connection, stored) && !this.setups.fetchesForItself(connection)
  }

  /** What was fetched for the connection as it was before is fetched again. @param wanted seconds */
  private needsRenewal(stored: StoredCredential, connection: Connection, wanted: number, renewed: boolean): boolean {
    if (stored.doubted || isStale(stored, wanted, renewed)) return true
    return !this.setups.isRegistered(connection, stored)
  }

  /**
   * Whether a failed refresh is the reason why there is no token. It is not where the token was to be renewed early
   * and lasts as long as was asked, nor where the account is not active any more.
   */
  private explains(stored: StoredCredential, connection: Connection, minValidity: number, renewals: number): boolean {
    if (stored.status !== AccountStatus.ACTIVE) return false
    return this.needsRenewal(stored, connection, minValidity, renewals > 0)
  }

  /**
   * Whether a token that the agent reports as rejected is to be refreshed: only the current one, only if it
   * can be refreshed, and only if it is not new. Otherwise a provider that rejects every token would be
   * called with every query.
   */
  private isCurrent(stored: StoredCredential, rejected: string, connection: Connection): boolean {
    if (stored.status !== AccountStatus.ACTIVE || stored.age < NEW) return false
    if (!this.setups.methodOf(connection).refreshable) return false
    return equalInConstantTime(rejected, this.credentials.open(stored).accessToken)
  }

  /** Refreshes a token that expires soon in the background, so that no query has to wait for it. */
  private renewAhead(stored: StoredCredential, connection: Connection) {
    if (!this.setups.methodOf(connection).refreshable || !endsSoon(stored)) return
    if (connection.status !== ConnectionStatus.ACTIVE) return
    this.refresher
      .refresh(stored.account_id, connection, stored.version)
      .catch((error) =>
        this.records.warn(
          'token.early-renewal-failed',
          'A token could not be refreshed before its expiry. The next query for it tries again; if this repeats, ' +
            'look at the error.',
          { account: stored.account_id, err: error },
        ),
      )
  }

  /** @returns null where the credential has changed and is to be read again */
  private async renew(
    account: ConnectedAccount,
    connection: Connection,
    stored: StoredCredential,
    accessIsOver = false,
  ): Promise<Refusal | null> {
    if (connection.status === ConnectionStatus.MISCONFIGURED && !connection.mayBeMended(clock.now()))
      return unavailable(connection)
    const result = await this.refresher.refresh(account.uuid, connection, stored.version, accessIsOver)
    if (result.kind === 'misconfigured')
      return {
        type: 'ConnectionUnavailable',
        status: ConnectionStatus.MISCONFIGURED,
        reason: result.problem,
      }
    if (result.kind === 'moved') return { type: 'AuthorizationRequired', status: stored.status, reason: result.reason }
    if (result.kind === 'unavailable')
      return { type: 'ProviderUnavailable', reason: result.reason, retryAfter: result.retryAfter }
    return null
  }

  private async record(
    { audit }: Context,
    account: ConnectedAccount,
    connection: Connection,
    { purpose }: Wish,
    access: Access,
  ) {
    const { auditLog, observe } = this.records
    await auditLog.write(
      audit.event({
        action: 'token.read',
        outcome: isCredential(access) ? AuditOutcome.SUCCEEDED : AuditOutcome.FAILED,
        connection: connection.name,
        identifier: account.identifier,
        purpose,
        details: { answer: access.type },
      }),
    )
    if (isCredential(access)) await this.recordLastRead(account)
    observe(access.type)
  }

  /** Stores the time of the read, at most once a minute: not every read of a busy account writes its row. */
  private async recordLastRead(account: ConnectedAccount) {
    if (account.lastTokenReadAt && clock.now().getTime() - account.lastTokenReadAt.getTime() < 60_000) return
    await this.records.pool.query({
      name: 'token-read-note',
      text: `
        update connected_account set last_token_read_at = now()
        where id = $1 and (last_token_read_at is null or last_token_read_at < now() - interval '1 minute')`,
      values: [account.uuid],
    })
  }
}

function unavailable({ status, problem }: Connection): Refusal {
  return { type: 'ConnectionUnavailable', status, reason: problem ?? 'The connection is not ready.' }
}
