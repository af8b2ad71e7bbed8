/**
 * User verification. A link states for which user it was made, but anybody may open it. Where a connection's
 * userVerification is APPLICATION, the grant of an authorization is held until the application has compared
 * the user of its own session with the user of the link.
 *
 *   hold ──▶ PENDING ──verify, the right user──▶ VERIFIED: the grant is stored
 *              └──another user, or ten minutes──▶ FAILED: erased, and revoked at the provider
 */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { assertMayUse } from '../callers/caller.js'
import { clock } from '../clock.js'
import { AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Connection } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import type { Context } from '../context.js'
import type { Grants } from '../credentials/grant.js'
import { notFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import type { Job } from '../jobs/jobs.js'
import type { Limit, Limits } from '../limits/limits.js'
import type { Vault } from '../vault/vault.js'
import type { VerifyAuthorizationInput } from './authorization.input.js'
import type { AuthorizationLink } from './authorization-link.js'
import type { Discards } from './discards.js'
import { type HeldGrant, PendingVerification, VerificationStatus } from './pending-verification.secret.js'

/** Milliseconds that the application has for its answer. */
const PATIENCE = 10 * 60_000
const CHANGED = "The connection's app or address was changed meanwhile."
/** Answers of the application about one authorization. */
const TRIES: Limit = { most: 10, seconds: 600 }
/** Verifications that one run of the job ends at most. */
const SWEEP = 50

interface OpenedVerification {
  pending: PendingVerification
  account: ConnectedAccount
  connection: Connection
}

/** Holds grants and decides about them. */
export class Verifications {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly grants: Grants,
    private readonly discards: Discards,
    private readonly vault: Vault,
    private readonly limits: Limits,
  ) {}

  /**
   * Stores a grant until the application decides, with the flush of `em`'s transaction.
   *
   * @param account locked by that transaction
   * @returns the record whose id the application has to send
   * @throws {ValetkeyError} CONFLICT where another person signed in at the provider than before
   */
  hold(
    em: EntityManager,
    link: AuthorizationLink,
    account: ConnectedAccount,
    connection: Connection,
    grant: Omit<HeldGrant, 'registration'>,
    now: Date,
  ): PendingVerification {
    this.grants.assertSamePerson(account, grant.identity)
    const pending = new PendingVerification(
      link,
      { ...grant, registration: this.setups.registration(connection) },
      account.awaitsVerification(now),
      new Date(now.getTime() + PATIENCE),
      this.vault,
    )
    em.persist(pending)
    return pending
  }

  /**
   * Takes the application's answer. Sending the same identifier again returns the same result.
   *
   * @throws {ValetkeyError} FORBIDDEN; NOT_FOUND; USER_VERIFICATION_FAILED for another user or after the
   *   timeout, and then the grant is erased and revoked at the provider
   */
  async verify(context: Context, { authorization, identifier }: VerifyAuthorizationInput): Promise<ConnectedAccount> {
    await context.authorize('Mutation.verifyAuthorization')
    const { caller, audit } = context
    // For each key: one that is not bound to this account uses up nobody's tries.
    const subject = `verify:${caller.actor}:${authorization.slice(0, 64)}`
    await this.limits.hit(subject, TRIES, 'This authorization was asked for too often.')
    const uuid = fromTypeId('authz', authorization)
    const now = clock.now()
    const verdict = await this.orm.em.fork().transactional(async (em) => {
      const opened = uuid && (await this.find(em, uuid))
      if (!opened) throw notFound('This authorization')
      const { pending, account, connection } = opened
      assertMayUse(caller, 'This authorization', connection, account.identifier)
      const about = { connection: connection.name, identifier: account.identifier }
      const right = identifier === account.identifier
      if (pending.status === VerificationStatus.VERIFIED && right) return { account }
      if (pending.status !== VerificationStatus.PENDING)
        return { why: 'This authorization is decided already, or nobody confirmed it in time.' }
      if (!right || pending.expiresAt <= now) {
        const why = right
          ? 'Nobody confirmed this authorization in time.'
          : 'Another user authorized than the one that the link was made for.'
        audit.record(em, {
          action: 'account.verified',
          outcome: AuditOutcome.DENIED,
          ...about,
          details: { authorization },
        })
        return { why, ended: this.fail(opened, why, now) }
      }
      const grant = pending.open(this.vault)
      if (!grant) return { why: 'This authorization is decided already.' }
      if (this.discards.isMoved(connection, grant.registration))
        return { why: CHANGED, ended: this.fail(opened, CHANGED, now) }
      account.values = grant.values
      await this.grants.accept(em, account, connection, grant, now)
      connection.mended(now)
      pending.decided(VerificationStatus.VERIFIED)
      audit.record(em, { action: 'account.verified', ...about, details: { authorization } })
      return { account }
    })
    if ('account' in verdict) return verdict.account as ConnectedAccount
    if (verdict.ended) await this.discards.revoke(verdict.ended)
    throw new ValetkeyError(
      'USER_VERIFICATION_FAILED',
      `${verdict.why} What it brought is not kept; start another authorization.`,
      ['input', 'identifier'],
    )
  }

  readonly expiry: Job = {
    name: 'verification-expiry',
    schedule: '* * * * *',
    longest: 300,
    run: async (signal) => {
      await this.expire(signal)
    },
  }

  /** Fails the verifications whose time has run out. @returns their number */
  async expire(signal?: AbortSignal): Promise<number> {
    let count = 0
    for (; count < SWEEP && !signal?.aborted; count++) {
      const ended = await this.orm.em.fork().transactional(async (em) => {
        const [row] = await em.execute<{ id: string }[]>(
          `select id from pending_verification
           where status = 'PENDING' and expires_at <= now()
           order by expires_at limit 1
           for update skip locked`,
        )
        const opened = row && (await this.find(em, row.id))
        if (!opened) return null
        const { connection, account, pending } = opened
        new AuditTrail('valetkey', null, pending.id).record(em, {
          action: 'account.verified',
          outcome: AuditOutcome.DENIED,
          connection: connection.name,
          identifier: account.identifier,
          details: { authorization: pending.id, why: 'late' },
        })
        return this.fail(opened, 'Nobody confirmed this authorization in time.', clock.now())
      })
      if (!ended) break
      await this.discards.revoke(ended)
    }
    return count
  }

  /** Erases the grant. @returns the grant that is to be revoked at the provider after the commit */
  private fail({ pending, account, connection }: OpenedVerification, why: string, now: Date) {
    const grant = pending.open(this.vault)
    pending.decided(VerificationStatus.FAILED)
    if (pending.before) account.notVerified(pending.before, why, now)
    // Many providers revoke all grants of a user and an app: the same person's earlier grant must stay valid.
    const shared =
      account.status === AccountStatus.ACTIVE &&
      grant?.identity != null &&
      grant.identity.subject === account.identity?.subject
    // What belongs to another app or address is sent nowhere, not even to be revoked.
    const isMoved = grant && this.discards.isMoved(connection, grant.registration)
    return { connection, grant: shared || isMoved ? null : grant }
  }

  private async find(em: EntityManager, uuid: string): Promise<OpenedVerification | null> {
    const pending = await em.findOne(PendingVerification, { uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!pending) return null
    const link = await pending.link.loadOrFail()
    const account = await em.findOneOrFail(
      ConnectedAccount,
      { uuid: link.accountRef.unwrap().uuid },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    return { pending, account, connection: await account.connection.loadOrFail() }
  }
}
