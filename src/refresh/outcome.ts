/**
 * What a refresh came to is stored here: a token set over the version that it consumed, or a verdict
 * about the grant, the app or the provider. Evidence counts against the version that it was found for,
 * and from the latest claim alone.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import { Connection } from '../connections/connection.js'
import type { Grants } from '../credentials/grant.js'
import type { Warn } from '../log.js'
import type { Provider } from '../oauth/provider.js'
import type { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'
import { type Circuits, HELD_BACK } from './circuit.js'
import { type Claim, endLease, holdBack, type LeaseEvidence, lockedLease, postpone } from './lease.js'
import type { Prepared } from './prepare.js'

/** How a refresh ended, for those who wait for it. */
export type RefreshResult =
  /** The store holds something newer than what the caller saw. */
  | { kind: 'renewed' }
  /** The account changed: read it again. */
  | { kind: 'changed' }
  | { kind: 'misconfigured'; problem: string }
  | { kind: 'unavailable'; reason: string; retryAfter: number }

/** Seconds between tries, at the first and at the longest. */
const FIRST_RETRY = 1
const LONGEST_RETRY = 900
/** Seconds until a refresh whose outcome is unknown is tried again by whoever asks. */
const UNKNOWN_RETRY = 1
/** Said of a grant that ended with an answer that nobody has read: docs/refresh.md. */
const LOST = 'The answer to a refresh was lost (refresh_outcome_lost), and with it the grant.'

interface Verdict {
  em: EntityManager
  account: ConnectedAccount
  connection: Connection
  current: LeaseEvidence
  failure: TokenFailure
  now: Date
}

export class Outcomes {
  private readonly audit: AuditTrail

  /** @param owner this process, as the audit log names its request */
  constructor(
    private readonly orm: MikroORM,
    private readonly pool: Pool,
    private readonly grants: Grants,
    private readonly provider: Provider,
    private readonly circuits: Circuits,
    private readonly warn: Warn,
    owner: string,
  ) {
    this.audit = new AuditTrail('valetkey', null, owner)
  }

  /** Stores new tokens, however long the database is away. */
  commit(accountUuid: string, claim: Claim, tokens: TokenSet, prepared: Prepared): Promise<RefreshResult> {
    return this.persistently(() => this.tryCommit(accountUuid, claim, tokens, prepared))
  }

  /** Stores why there are no new tokens, however long the database is away. */
  fail(accountUuid: string, claim: Claim, failure: TokenFailure): Promise<RefreshResult> {
    return this.persistently(() => this.tryFail(accountUuid, claim, failure))
  }

  private async tryCommit(
    accountUuid: string,
    claim: Claim,
    tokens: TokenSet,
    { setup, stored: before, access, values }: Prepared,
  ): Promise<RefreshResult> {
    const now = new Date()
    const stored = await this.inTransaction(accountUuid, async (em, account, connection) => {
      if (account.status === AccountStatus.DISCONNECTED) return 'disconnected'
      const version = await this.grants.renew(em, account, tokens, before, access, claim, now)
      if (version === null) return 'moved on'
      connection.mended(now)
      await endLease(em, accountUuid, claim.fence)
      this.audit.record(em, {
        action: 'token.refreshed',
        connection: connection.name,
        identifier: account.identifier,
      })
      return version
    })
    const account = { ...values, ...access.found }
    if (typeof stored === 'number') {
      await this.learnExpiry(accountUuid, stored, await this.provider.expiryByIntrospection(setup, tokens, account))
      return { kind: 'renewed' }
    }
    if (stored === 'moved on') return { kind: 'changed' }
    // Ended while the provider was answering: what it gave must not live on.
    const refreshToken = tokens.refreshToken ?? before.refreshToken
    await this.provider.revoke(setup, { ...before, ...tokens, refreshToken }, account)
    return { kind: 'changed' }
  }

  /** What the provider said of the tokens that are stored as `version`; in vain where they are newer by now. */
  private async learnExpiry(accountUuid: string, version: number, expiresAt: Date | null) {
    if (!expiresAt) return
    await this.pool.query(
      `with learned as (
         update credential set expires_at = clock_timestamp() + make_interval(secs => $3)
         where account_id = $1 and version = $2 returning expires_at
       )
       update connected_account set token_expires_at = learned.expires_at from learned where id = $1`,
      [accountUuid, version, (expiresAt.getTime() - Date.now()) / 1000],
    )
  }

  private async tryFail(accountUuid: string, { version, fence }: Claim, failure: TokenFailure): Promise<RefreshResult> {
    const now = new Date()
    const result = await this.inTransaction(accountUuid, async (em, account, connection) => {
      const current = await lockedLease(em, accountUuid)
      if (!current || current.version !== version || current.fence !== fence) {
        const kind = current && current.version !== version ? 'renewed' : 'changed'
        return { kind } as RefreshResult
      }
      account.refreshFailed(failure.message, failure.providerError, now)
      this.audit.record(em, {
        action: 'token.refreshed',
        outcome: AuditOutcome.FAILED,
        connection: connection.name,
        identifier: account.identifier,
        details: { kind: failure.kind, providerError: failure.providerError },
      })
      return this.judge({ em, account, connection, current, failure, now })
    })
    return result === 'disconnected' ? { kind: 'changed' } : result
  }

  private async judge(verdict: Verdict): Promise<RefreshResult> {
    const { em, account, connection, current, failure, now } = verdict
    if (failure.kind === 'grant') {
      if (this.circuits.doubtful(connection.uuid) && (current.heldFor ?? 0) < HELD_BACK) return this.doubt(verdict)
      account.refused(current.takeover ? `${LOST} ${failure.message}` : failure.message, now)
      await endLease(em, account.uuid, current.fence)
      return { kind: 'changed' }
    }
    if (failure.kind === 'client') {
      const problem = `${failure.message} Check the client id and secret of this connection, and what the app is allowed to do at the provider.`
      connection.misconfigured(problem, now)
      await endLease(em, account.uuid, current.fence)
      return { kind: 'misconfigured', problem }
    }
    return wait(verdict)
  }

  /** So many grants are refused that the provider is to be doubted first. */
  private async doubt({ em, account, connection, current, failure }: Verdict): Promise<RefreshResult> {
    const wait = HELD_BACK - (current.heldFor ?? 0)
    await holdBack(em, account.uuid, current.fence, failure.message, wait)
    this.warn(
      'refresh.refusals-doubted',
      'The provider refuses suspiciously many grants of a connection; they are asked for again before they count as lost.',
      { connection: connection.name },
    )
    return {
      kind: 'unavailable',
      reason: `${failure.message} It refuses many users at once, which is more often its fault than theirs; the grant is kept and tried again.`,
      retryAfter: Math.ceil(wait),
    }
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

  private async persistently(work: () => Promise<RefreshResult>): Promise<RefreshResult> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      try {
        return await work()
      } catch (error) {
        if (!isDatabaseAway(error)) throw error
        this.warn('refresh.outcome-waits', 'The outcome of a refresh could not be written; trying again.', {
          err: error,
        })
        await sleep(wait)
      }
    }
  }
}

async function wait({ em, account, connection, current, failure }: Verdict): Promise<RefreshResult> {
  const backedOff = backoff(current.fails)
  const usual = failure.kind === 'not_sent' ? backedOff : Math.max(UNKNOWN_RETRY, backedOff / 2)
  const pause = failure.retryAfter ?? usual
  // Too many requests are the app's, not this account's: every account of the connection waits.
  if (failure.kind === 'throttled')
    await em.execute('update connection set paused_until = clock_timestamp() + make_interval(secs => ?) where id = ?', [
      pause,
      connection.uuid,
    ])
  const outcomeUnknown = failure.kind !== 'not_sent' && failure.kind !== 'throttled'
  await postpone(em, account.uuid, current.fence, { outcomeUnknown, error: failure.message, pause })
  return { kind: 'unavailable', reason: failure.message, retryAfter: Math.max(1, Math.ceil(pause)) }
}

function backoff(fails: number): number {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** fails) * (0.5 + Math.random())
}

const AWAY = /^(08|57P0|57014|55000|55P03|25P03|53300|40001|40P01|ECONN|EPIPE|ENOENT|ETIMEDOUT)/

/**
 * Whether the same statement may succeed later: connection trouble (class 08, 57P0x, 53300), waits that
 * were cut short (57014, 55P03, 25P03, 40xxx) and broken sockets.
 */
function isDatabaseAway(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (AWAY.test(String((at as NodeJS.ErrnoException).code ?? ''))) return true
    if (/Connection terminated|timeout exceeded when trying to connect/i.test(at.message)) return true
  }
  return false
}
