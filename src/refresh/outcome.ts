/**
 * What a refresh came to is stored here: a token set over the version that it consumed, or a verdict about the
 * grant, the app or the provider.
 *
 * Which of two answers is the newer, and whether a refusal or an answer holds, the order in which they are
 * stored does not tell. Where two of them contradict each other, the account is doubted: the token that is
 * stored is tried once, before anybody is told that it works.
 *
 *   answer ──over the version it consumed──▶ stored ──▶ fresh
 *          ──another answer is there already──▶ kept; the stored one is doubted
 *   refusal ──of the version that is stored──▶ judged (evidence.ts)
 *           ──of a version that has moved on──▶ the stored one is doubted
 *   doubted ──renews──▶ fresh        ──refused──▶ the next kept answer, or the grant is over
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { clock } from '../clock.js'
import { AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import { Connection } from '../connections/connection.js'
import type { Grants } from '../credentials/grant.js'
import type { Warn } from '../log.js'
import type { Provider } from '../oauth/provider.js'
import type { FailureType, TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'
import { SealBroken } from '../vault/vault.js'
import { type Judgement, judgeApp, judgeGrant, judgeUnclear, surroundings } from './evidence.js'
import {
  type Claim,
  doubt,
  endAccess,
  endLease,
  holdBack,
  type LeaseEvidence,
  lockedLease,
  postpone,
  yieldLease,
} from './lease.js'
import type { Prepared } from './prepare.js'

/** The result of a refresh, for its callers. */
export type RefreshResult =
  /** The database holds newer tokens than the caller read. */
  | { kind: 'renewed' }
  /** The account changed; the caller has to read it again. */
  | { kind: 'changed' }
  /** The stored token contradicts something that the provider said: it has to be tried. */
  | { kind: 'doubted' }
  /** The connection's app or address changed: the grant belongs to the old one, and waits for it. */
  | { kind: 'moved'; reason: string }
  | { kind: 'misconfigured'; problem: string }
  /** `retryAfter` in seconds. */
  | { kind: 'unavailable'; reason: string; retryAfter: number }

/** Seconds until the second attempt; doubled after each failure. */
const FIRST_RETRY = 1
/** Seconds between two attempts at most. */
const LONGEST_RETRY = 900
/** Seconds at least before a refresh whose outcome is unknown is attempted again. */
const UNKNOWN_RETRY = 1
/** The same where no answer came in time: the request may still be in the provider's queue. */
const QUEUE = 30
/** Milliseconds between tries to store, at the first and at the longest. */
const FIRST_STORE = 50
const LONGEST_STORE = 2_000
/** Milliseconds for which one who comes again waits for a row that somebody has locked. */
const LOCKED = 500
/** Tries after which a fault counts as the row's own. */
const PROOF = 3
/** Said of a grant that ended with an answer that nobody has read: docs/refresh.md. */
const LOST = 'The answer to a refresh was lost (refresh_outcome_lost), and with it the grant.'

/** Said of an account whose row does not take what the provider answered. */
export const UNSTORABLE =
  "The provider's answer cannot be stored in this account's row. It is kept, and tried again every minute; " +
  'the log says what is wrong.'

/**
 * An answer that this row, and no other, cannot take, or that its definition cannot read. Its message is for callers.
 */
export class Unstorable extends Error {
  override readonly name = 'Unstorable'
}

interface Verdict {
  em: EntityManager
  account: ConnectedAccount
  connection: Connection
  current: LeaseEvidence
  failure: TokenFailure
  now: Date
}

/** The parts that storing an outcome works with. */
export interface OutcomeParts {
  orm: MikroORM
  pool: Pool
  grants: Grants
  provider: Provider
  warn: Warn
  /** Keeps a lease while its answer waits to be stored. */
  extend: (accountUuid: string, fence: number) => Promise<void>
  /** This process, as the audit log names its request. */
  owner: string
}

/** Stores outcomes of refreshes, and waits for the database where it cannot be reached. */
export class Outcomes {
  private readonly audit: AuditTrail

  constructor(private readonly parts: OutcomeParts) {
    this.audit = new AuditTrail('valetkey', null, parts.owner)
  }

  /**
   * Stores new tokens, however long the database is away.
   *
   * @returns `doubted` where the answer is not stored, or is to be tried first; it must be kept then
   * @throws {Unstorable} where the fault is this row's own
   */
  commit(accountUuid: string, claim: Claim, tokens: TokenSet, prepared: Prepared): Promise<RefreshResult> {
    return this.persistently(accountUuid, claim, () => this.tryCommit(accountUuid, claim, tokens, prepared))
  }

  /**
   * Stores new tokens if that can be done at once: for who comes again. A row that somebody has locked is not waited
   * for.
   *
   * @throws whatever the database says; `isOfTheRow` tells whether it is this row's own fault
   */
  commitNow(accountUuid: string, claim: Claim, tokens: TokenSet, prepared: Prepared): Promise<RefreshResult> {
    return this.tryCommit(accountUuid, claim, tokens, prepared, LOCKED)
  }

  /** Stores why there are no new tokens, however long the database is away. @throws {Unstorable} */
  fail(accountUuid: string, claim: Claim, failure: TokenFailure, grace: number): Promise<RefreshResult> {
    return this.persistently(accountUuid, claim, () => this.tryFail(accountUuid, claim, failure, grace))
  }

  private async tryCommit(
    accountUuid: string,
    claim: Claim,
    tokens: TokenSet,
    { setup, stored: before, access, values, registration }: Prepared,
    patience: number | null = null,
  ): Promise<RefreshResult> {
    const now = clock.now()
    const { grants, provider } = this.parts
    const outcome = await this.inTransaction(accountUuid, patience, async (em, account, connection) => {
      if (account.status === AccountStatus.DISCONNECTED) return 'disconnected'
      const current = await lockedLease(em, accountUuid)
      const isSibling = current?.parentVersion === claim.version && current.parentFence !== claim.fence
      if (isSibling) {
        await yieldLease(em, accountUuid, claim.fence)
        await doubt(em, accountUuid)
        return 'sibling'
      }
      const version = await grants.renew(em, account, tokens, before, access, claim, registration, now)
      if (version === null) {
        await yieldLease(em, accountUuid, claim.fence)
        return 'moved on'
      }
      connection.mended(now)
      // An answer to a grant that was refused or sent again meanwhile, or is under doubt, is tried before it counts.
      const isOvertaken = current !== null && current.fence !== claim.fence
      const isRefused = account.status === AccountStatus.REAUTHORIZATION_REQUIRED
      const isContradicted = (isRefused || isOvertaken) && !current?.doubted
      const isFirstOfDoubted = current?.doubted === true && claim.doubted !== true
      await endLease(em, accountUuid, claim.fence)
      if (isContradicted || isFirstOfDoubted) await doubt(em, accountUuid)
      else account.revived(now)
      this.audit.record(em, {
        action: 'token.refreshed',
        connection: connection.name,
        identifier: account.identifier,
      })
      return { version, doubted: isContradicted || isFirstOfDoubted }
    })
    const account = { ...values, ...access.found }
    if (typeof outcome === 'object') {
      await this.learnExpiry(accountUuid, outcome.version, await provider.expiryByIntrospection(setup, tokens, account))
      return { kind: outcome.doubted ? 'doubted' : 'renewed' }
    }
    if (outcome === 'sibling') return { kind: 'doubted' }
    if (outcome === 'moved on') return { kind: 'changed' }
    // Ended while the provider was answering: what it gave must not live on.
    const refreshToken = tokens.refreshToken ?? before.refreshToken
    await provider.revoke(setup, { ...before, ...tokens, refreshToken }, account)
    return { kind: 'changed' }
  }

  /** Stores the expiry that introspection returned for the tokens of `version`; does nothing where newer ones exist. */
  private async learnExpiry(accountUuid: string, version: number, expiresAt: Date | null) {
    if (!expiresAt) return
    await this.parts.pool.query(
      `with learned as (
         update credential set expires_at = clock_timestamp() + make_interval(secs => $3)
         where account_id = $1 and version = $2 returning expires_at
       )
       update connected_account set token_expires_at = learned.expires_at from learned where id = $1`,
      [accountUuid, version, (expiresAt.getTime() - clock.now().getTime()) / 1000],
    )
  }

  private async tryFail(
    accountUuid: string,
    { version, fence, accessIsOver }: Claim,
    failure: TokenFailure,
    grace: number,
  ): Promise<RefreshResult> {
    const now = clock.now()
    const result = await this.inTransaction<RefreshResult>(accountUuid, null, async (em, account, connection) => {
      const current = await lockedLease(em, accountUuid)
      if (!current) return { kind: 'changed' }
      if (current.version !== version || current.fence !== fence) {
        if (current.version !== version) await yieldLease(em, accountUuid, fence)
        // A used token that is refused may have ended the whole family: what is stored of it has to be tried.
        const isOfTheFamily = current.version === version || current.parentVersion === version
        if (failure.type === 'grant' && !failure.isOurs && isOfTheFamily) {
          await doubt(em, accountUuid)
          return { kind: 'doubted' }
        }
        return { kind: current.version !== version ? 'renewed' : 'changed' }
      }
      account.refreshFailed(failure.message, failure.providerError, now)
      // It was refused to an agent, and the refresh that may have ended it was carried out, for all that is known.
      if (accessIsOver && failure.isCutOff) await endAccess(em, accountUuid, version)
      this.audit.record(em, {
        action: 'token.refreshed',
        outcome: AuditOutcome.FAILED,
        connection: connection.name,
        identifier: account.identifier,
        details: { kind: failure.type, providerError: failure.providerError },
      })
      return this.judge({ em, account, connection, current, failure, now }, grace)
    })
    return result === 'disconnected' ? { kind: 'changed' } : result
  }

  private async judge(verdict: Verdict, grace: number): Promise<RefreshResult> {
    const { em, account, connection, current, failure, now } = verdict
    const judge = JUDGES[failure.type]
    if (failure.isOurs) return endGrant(verdict)
    if (!judge) return wait(verdict, grace)
    const around = await surroundings(em, connection.uuid, account.uuid, current.heldFor, connection.updatedAt)
    const judgement = judge(current, around)
    if (judgement.verdict === 'wait') return this.hold(verdict, withinGrace(judgement.seconds, current, grace))
    if (judgement.verdict === 'connection') {
      const problem =
        `${failure.message} Check the client id and secret of this connection, ` +
        'and what the app is allowed to do at the provider.'
      connection.misconfigured(problem, now)
      await endLease(em, account.uuid, current.fence)
      return { kind: 'misconfigured', problem }
    }
    return endGrant(verdict)
  }

  private async hold({ em, account, connection, current, failure }: Verdict, wait: number): Promise<RefreshResult> {
    const unclear = failure.type !== 'grant'
    await holdBack(em, account.uuid, current.fence, { error: failure.message, wait, unclear })
    this.parts.warn(
      'refresh.refusal-doubted',
      unclear
        ? 'A provider refuses an account for no stated reason; ' +
            'it is asked again before the account, or the connection, counts as broken.'
        : 'A provider refuses several grants of a connection at once; ' +
            'they are asked for again before they count as lost.',
      { connection: connection.name, account: account.id, seconds: Math.ceil(wait) },
    )
    return {
      kind: 'unavailable',
      reason: unclear
        ? `${failure.message} It did not say whether the grant or the app is the reason; it is asked again.`
        : `${failure.message} It refuses several users at once, which is more often its fault than theirs; ` +
          'the grant is kept and tried again.',
      retryAfter: Math.max(1, Math.ceil(wait)),
    }
  }

  /**
   * Rows are locked in the same order everywhere: connection (where needed), account, credential, lease.
   *
   * @param patience milliseconds for which a lock is waited for; null for the session's own limit
   */
  private async inTransaction<T>(
    accountUuid: string,
    patience: number | null,
    work: (em: EntityManager, account: ConnectedAccount, connection: Connection) => Promise<T>,
  ): Promise<T | 'disconnected'> {
    return this.parts.orm.em.fork().transactional(async (em) => {
      if (patience !== null) await em.execute(`set local lock_timeout = ${patience}`)
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

  /** Whatever keeps the database from storing it is waited out, unless it is the row's own fault. */
  private async persistently(
    accountUuid: string,
    { fence }: Claim,
    work: () => Promise<RefreshResult>,
  ): Promise<RefreshResult> {
    let faults = 0
    for (let pause = FIRST_STORE; ; pause = Math.min(pause * 2, LONGEST_STORE)) {
      try {
        return await work()
      } catch (error) {
        // A session that breaks off can look like a fault of ours, once.
        if (isOfTheRow(error) && ++faults === PROOF) throw new Unstorable(UNSTORABLE, { cause: error })
        this.parts.warn(
          'refresh.outcome-waits',
          'The outcome of a refresh cannot be stored now; it is tried until it is. Look at the database.',
          { account: accountUuid, err: error },
        )
        await sleep(pause)
        await this.parts.extend(accountUuid, fence).catch(() => {})
      }
    }
  }
}

/** Who is at fault, by what the provider said; the others say nothing about fault. */
const JUDGES: Partial<
  Record<FailureType, (lease: LeaseEvidence, around: Parameters<typeof judgeGrant>[1]) => Judgement>
> = { grant: judgeGrant, client: judgeApp, rejected: judgeUnclear }

async function endGrant({ em, account, current, failure, now }: Verdict): Promise<RefreshResult> {
  const isLost = current.takeover || current.doubted
  account.refused(isLost ? `${LOST} ${failure.message}` : failure.message, now)
  await endLease(em, account.uuid, current.fence)
  return { kind: 'changed' }
}

async function wait({ em, account, connection, current, failure }: Verdict, grace: number): Promise<RefreshResult> {
  const pause = withinGrace(failure.retryAfter ?? pauseAfter(failure, current.fails, grace), current, grace)
  // Too many requests are the app's, not this account's: every account of the connection waits.
  if (failure.type === 'throttled')
    await em.execute(
      `update connection set throttled_until = later.at, paused_until = greatest(paused_until, later.at)
       from (select greatest(throttled_until, clock_timestamp() + make_interval(secs => ?)) as at
         from connection where id = ?) later
       where id = ?`,
      [failure.retryAfter ?? pause, connection.uuid, connection.uuid],
    )
  // What stands in front of a provider can say that it is too much when the provider has answered already.
  const outcomeUnknown = failure.type !== 'not_sent'
  await postpone(em, account.uuid, current.fence, { outcomeUnknown, error: failure.message, pause })
  return { kind: 'unavailable', reason: failure.message, retryAfter: Math.max(1, Math.ceil(pause)) }
}

/** Seconds until the next try, which has to come while the provider takes the token again: half of what is left. */
function withinGrace(seconds: number, { sentFor }: LeaseEvidence, grace: number): number {
  const left = grace - (sentFor ?? 0)
  return grace > 0 && left > 0 ? Math.min(seconds, Math.max(0.5, left / 2)) : seconds
}

/** Seconds until the next try. One that nobody answered may still be worked on: the next has to come after it. */
function pauseAfter({ type, timedOut }: TokenFailure, fails: number, grace: number): number {
  const backedOff = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** fails) * (0.5 + Math.random())
  if (type === 'not_sent') return backedOff
  if (timedOut) return grace > 0 ? Math.min(QUEUE, Math.max(UNKNOWN_RETRY, grace - QUEUE)) : QUEUE
  return Math.max(UNKNOWN_RETRY, backedOff / 2)
}

/** Classes of SQLSTATE in which the values are at fault, not the database: 21 cardinality, 22 data, 23 constraints. */
const VALUES_AT_FAULT = /^(21|22|23)/

/** Faults of our own code, or of a seal: the database has nothing to do with them. */
const OURS = [SealBroken, TypeError, RangeError, ReferenceError, SyntaxError]

/** Whether a fault is proven to be of this row or of its answer, so that trying again changes nothing. */
export function isOfTheRow(error: unknown): boolean {
  if (OURS.some((kind) => error instanceof kind)) return true
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (VALUES_AT_FAULT.test(String((at as NodeJS.ErrnoException).code ?? ''))) return true
  return false
}
