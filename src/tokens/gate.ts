/**
 * The gate: the one way out for credentials. Whichever door asks (a token query, and what comes), it
 * asks here; and here alone it is decided whether this caller gets this account's credential now.
 *
 *   may the caller? ─▶ is the connection in use? ─▶ does the token last? ──no──▶ refresh
 *                                                        │yes
 *                   recorded ◀── the credential, or why there is none
 *
 * It answers from the store while the token lasts long enough. Every answer is in the audit log before
 * it leaves.
 */
import type { Pool } from 'pg'
import type { AuditLog } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { assertMayUse } from '../callers/caller.js'
import { AccountStatus, type ConnectedAccount } from '../connected-accounts/connected-account.js'
import { type Connection, ConnectionStatus } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import type { Context } from '../context.js'
import type { StoredCredential, StoredCredentials } from '../credentials/stored-credential.js'
import { equalInConstantTime } from '../hash.js'
import type { Warn } from '../log.js'
import type { Refresher } from '../refresh/refresh.js'
import { type Access, isCredential, type Refusal } from './access.js'
import type { CredentialMaker } from './credential.js'
import { earlyRenewal, endsSoon, isStale, NEW } from './freshness.js'
import { assertWish, type Wish } from './wish.js'

/** Newer tokens that one query waits for: a user may authorize again while it does. */
const MOST_RENEWALS = 3
const NOT_YET = 'The user has not authorized yet; call startAuthorization and hand over the link.'

/** What the gate writes down of each answer. */
export interface Records {
  pool: Pool
  auditLog: AuditLog
  /** Counts answers by their type. */
  observe: (answer: string) => void
  warn: Warn
}

export class Gate {
  constructor(
    private readonly setups: Setups,
    private readonly credentials: StoredCredentials,
    private readonly refresher: Refresher,
    private readonly maker: CredentialMaker,
    private readonly records: Records,
  ) {}

  /**
   * @param context of the caller
   * @param account its connection need not be loaded
   * @returns a credential that works now, or why there is none
   * @throws {ValetkeyError} FORBIDDEN; NOT_FOUND for an account that the caller is not bound to;
   *   BAD_USER_INPUT for a wish that is out of bounds
   */
  async access(context: Context, account: ConnectedAccount, wish: Wish): Promise<Access> {
    await context.authorize('ConnectedAccount.token')
    const connection = await account.connection.loadOrFail()
    assertMayUse(context.caller, 'This connected account', connection.name, account.identifier)
    assertWish(wish)
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
    const stored = await this.fresh(account, connection, wish)
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
   * What is stored for an account, renewed where the wish demands it.
   *
   * @returns null where the account unlocks nothing; a refusal where it had to be renewed and could not be
   */
  private async fresh(
    account: ConnectedAccount,
    connection: Connection,
    { minValidity, rejected }: Wish,
  ): Promise<StoredCredential | Refusal | null> {
    let stored = await this.credentials.of(account)
    let renewals = 0
    if (stored && rejected !== null && this.isCurrent(stored, rejected, connection)) {
      const refusal = await this.renew(account, connection, stored)
      if (refusal) return refusal
      stored = await this.credentials.of(account)
      renewals += 1
    }
    const wanted = Math.max(minValidity, earlyRenewal(this.setups.methodOf(connection)))
    while (stored?.status === AccountStatus.ACTIVE && isStale(stored, wanted, renewals > 0)) {
      const refusal = await this.renew(account, connection, stored)
      // It was to be renewed early, and lasts as long as was asked.
      if (refusal && !isStale(stored, minValidity, renewals > 0)) break
      if (refusal) return refusal
      if (++renewals > MOST_RENEWALS)
        return {
          type: 'ProviderUnavailable',
          reason: 'The token changed again and again while it was read.',
          retryAfter: 1,
        }
      stored = await this.credentials.of(account)
    }
    if (stored?.status === AccountStatus.ACTIVE && renewals === 0) this.renewAhead(stored, connection)
    return stored
  }

  /**
   * Whether an agent's word that a token was refused is reason enough to renew it: it is the current
   * one, it can be renewed, and it is not brand new, or a provider that refuses everything would be
   * asked without end.
   */
  private isCurrent(stored: StoredCredential, rejected: string, connection: Connection): boolean {
    if (stored.status !== AccountStatus.ACTIVE || stored.age < NEW) return false
    if (!this.setups.methodOf(connection).refreshable) return false
    return equalInConstantTime(rejected, this.credentials.open(stored).accessToken)
  }

  /** A token that nears its end is renewed while it still serves: nobody waits. */
  private renewAhead(stored: StoredCredential, connection: Connection) {
    if (!this.setups.methodOf(connection).refreshable || !endsSoon(stored)) return
    if (connection.status !== ConnectionStatus.ACTIVE) return
    this.refresher
      .refresh(stored.account_id, connection, stored.version)
      .catch((error) =>
        this.records.warn(
          'token.early-renewal-failed',
          'A token could not be renewed ahead of its end; it is tried again when it is asked for.',
          { account: stored.account_id, err: error },
        ),
      )
  }

  /** @returns null where there is something newer to read */
  private async renew(
    account: ConnectedAccount,
    connection: Connection,
    stored: StoredCredential,
  ): Promise<Refusal | null> {
    if (connection.status === ConnectionStatus.MISCONFIGURED && !connection.mayBeMended(new Date()))
      return unavailable(connection)
    const result = await this.refresher.refresh(account.uuid, connection, stored.version)
    if (result.kind === 'misconfigured')
      return {
        type: 'ConnectionUnavailable',
        status: ConnectionStatus.MISCONFIGURED,
        reason: result.problem,
      }
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
    await this.noteRead(account)
    observe(access.type)
  }

  /** To the minute: a busy account is not written with every read. */
  private async noteRead(account: ConnectedAccount) {
    if (account.lastTokenReadAt && Date.now() - account.lastTokenReadAt.getTime() < 60_000) return
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
