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
import { assertMayUse, mayUseConnection, mayUseIdentifier } from '../callers/caller.js'
import { clock } from '../clock.js'
import { AccountStatus, type ConnectedAccount } from '../connected-accounts/connected-account.js'
import { assertIdentifier } from '../connected-accounts/connected-accounts.js'
import { type Connection, ConnectionStatus } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import { MOVED } from '../connections/registration.js'
import type { Setups } from '../connections/setups.js'
import type { Context } from '../context.js'
import type { StoredCredential, StoredCredentials } from '../credentials/stored-credential.js'
import { notFound } from '../errors.js'
import { equalInConstantTime } from '../hash.js'
import type { Limit, Limits } from '../limits/limits.js'
import type { Warn } from '../log.js'
import type { Refresher } from '../refresh/refresh.js'
import { isUndisguised } from '../text.js'
import { type Access, isCredential, type Refusal } from './access.js'
import type { CredentialMaker } from './credential.js'
import { earlyRenewal, endsSoon, isStale, NEW } from './freshness.js'
import { assertPurpose, assertWish, type Wish } from './wish.js'

/** Refreshes that one query waits for: more than one only if the user authorizes again meanwhile. */
const MOST_RENEWALS = 3
const NOT_YET = 'The user has not authorized yet; call startAuthorization and hand over the link.'

const NOT_RENEWABLE =
  'The provider refused this credential, and it cannot be renewed: if the refusal stands, the user has to authorize ' +
  'again; call startAuthorization and hand over the link.'
const TOO_NEW =
  `The provider refused a token that is not ${NEW} seconds old, and one that new is not renewed: the next would fare ` +
  'no better, and some providers take a moment to know a new token. Try it again after retryAfter; if it is still ' +
  'refused, ask with rejected again.'

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
    private readonly connections: Connections,
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
   * The same by the names of connection and user, who need not have begun. Whether there is an account beyond the
   * caller's bounds changes nothing of what it gets.
   *
   * @throws {ValetkeyError} as `access`; NOT_FOUND for a connection that does not exist
   */
  async accessOf(
    context: Context,
    { connection: nameOrId, identifier }: { connection: string; identifier: string },
    wish: Wish,
  ): Promise<Access> {
    await context.authorize('Query.token')
    const { em, caller } = context
    if (!mayUseIdentifier(caller, identifier)) throw notFound('This identifier')
    const account = await this.credentials.find(em, nameOrId, identifier)
    if (account && mayUseConnection(caller, account.connection.unwrap())) return this.access(context, account, wish)
    const connection = await this.connections.find(em, caller, nameOrId)
    assertIdentifier(identifier, isUndisguised(identifier), ['identifier'])
    return this.access(context, this.credentials.ofNobody(connection, identifier), wish)
  }

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
      this.limits.flow(
        `account:${connection.uuid}:${account.identifier}`,
        this.limit,
        'This account is asked for too often.',
      )
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
        connectionStatus: connection.status,
        reason: `This server's catalogue has no connector ${connection.connectorKey}.`,
      }
    if (connection.status === ConnectionStatus.DRAFT || connection.status === ConnectionStatus.DISABLED)
      return unavailable(connection)
    const stored = await this.fresh(context.em, account, connection, wish)
    if (stored && 'type' in stored) return stored
    if (!stored)
      return { type: 'AuthorizationRequired', accountStatus: account.status, reason: account.statusReason ?? NOT_YET }
    if (stored.status !== AccountStatus.ACTIVE)
      return {
        type: 'AuthorizationRequired',
        accountStatus: stored.status,
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
      return { type: 'AuthorizationRequired', accountStatus: stored.status, reason: MOVED }
    let renewals = 0
    if (stored && rejected !== null && this.isCurrent(stored, rejected)) {
      const kept = this.reasonToKeep(stored, connection)
      if (kept) return kept
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

  /** Whether a token that the agent reports as rejected is the one that it would get again. */
  private isCurrent(stored: StoredCredential, rejected: string): boolean {
    if (stored.status !== AccountStatus.ACTIVE) return false
    const { accessToken } = this.credentials.open(stored)
    return accessToken !== '' && equalInConstantTime(rejected, accessToken)
  }

  /**
   * Why a rejected token is not refreshed: one that is new is not, or a provider that rejects every token would be
   * called with every query; and one that cannot be is the user's to replace. The agent is told, since it would try
   * the same token again and again.
   */
  private reasonToKeep(stored: StoredCredential, connection: Connection): Refusal | null {
    if (!this.setups.methodOf(connection).refreshable)
      return { type: 'AuthorizationRequired', accountStatus: stored.status, reason: NOT_RENEWABLE }
    if (stored.age >= NEW) return null
    return { type: 'ProviderUnavailable', reason: TOO_NEW, retryAfter: Math.max(1, Math.ceil(NEW - stored.age)) }
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
        connectionStatus: ConnectionStatus.MISCONFIGURED,
        reason: result.problem,
      }
    if (result.kind === 'moved')
      return { type: 'AuthorizationRequired', accountStatus: stored.status, reason: result.reason }
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
  return { type: 'ConnectionUnavailable', connectionStatus: status, reason: problem ?? 'The connection is not ready.' }
}
