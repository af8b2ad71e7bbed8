/**
 * The one way in for credentials: the callback, the form, an import and a refresh all come through
 * here, and here alone a credential row is written.
 */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Connection } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import { ValetkeyError } from '../errors.js'
import type { Identity } from '../oauth/api/identity.js'
import { renewal } from '../oauth/definition.js'
import type { StoredTokens, TokenSet } from '../oauth/token-endpoint/token-set.js'
import { SealBroken, type Vault } from '../vault/vault.js'
import { type AccessSecret, Credential } from './credential.secret.js'

const DAY = 24 * 3600 * 1000

export interface NewGrant {
  tokens: TokenSet
  /** What was asked for. */
  requestedScopes: string[]
  identity: Identity | null
  /** What the callback and the lookups found out. */
  found: Record<string, unknown>
  /** Secret values of the account form. */
  fields: Record<string, string>
  /** What there is to say about a grant that is good. */
  note?: string | null
}

/** What has to know of new credentials in the same transaction: a refresh that is under way is void then. */
export type Renewed = (em: EntityManager, accountUuid: string) => Promise<void>

export class Grants {
  constructor(
    private readonly setups: Setups,
    private readonly vault: Vault,
    private readonly renewed: Renewed,
  ) {}

  /**
   * An authorization or an import: the new credentials take the place of the old ones, with the
   * flush of `em`'s transaction. A refresh that is under way commits nothing after this.
   *
   * @param account locked by that transaction
   * @throws {ValetkeyError} CONFLICT when the provider says it is another person than before; the old credentials stay
   */
  async accept(em: EntityManager, account: ConnectedAccount, connection: Connection, grant: NewGrant, now: Date) {
    this.assertSamePerson(account, grant.identity)
    const credential =
      (await em.findOne(Credential, { account: account.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ??
      new Credential(account)
    const times = await databaseTimes(em, grant.tokens, now)
    credential.keep(grant.tokens, grant, this.setups.fingerprint(connection), times, this.vault, null, null)
    em.persist(credential)
    await this.renewed(em, account.uuid)
    account.secretsSet = Object.keys(grant.fields)
    account.granted(
      {
        requestedScopes: grant.requestedScopes,
        // RFC 6749 §5.1: an answer without scope grants what was asked for.
        grantedScopes: grant.tokens.scopes ?? grant.requestedScopes,
        expiresAt: times.expiresAt,
        reauthorizationDueAt: this.dueAt(connection, grant.tokens, now),
        identity: grant.identity,
        note: grant.note ?? null,
      },
      now,
    )
  }

  /** @throws {ValetkeyError} CONFLICT when the provider says it is another person than before */
  assertSamePerson(account: ConnectedAccount, identity: Identity | null) {
    if (!account.identity || !identity || account.identity.subject === identity.subject) return
    const before = account.identity.email ?? account.identity.name ?? account.identity.subject
    const after = identity.email ?? identity.name ?? identity.subject
    throw new ValetkeyError(
      'CONFLICT',
      `This account belongs to ${before} at the provider, and ${after} signed in. Sign in as ${before}, or disconnect the account first.`,
    )
  }

  /**
   * A refresh's answer, over the version that it consumed: a late answer is still the newest token,
   * unless a user authorized meanwhile (then the version is no child of the consumed one).
   *
   * @returns the version that they were stored as; null where the row has moved on, and they are not to be kept
   */
  async renew(
    em: EntityManager,
    account: ConnectedAccount,
    tokens: TokenSet,
    stored: StoredTokens,
    kept: Pick<AccessSecret, 'found' | 'fields'>,
    claim: { version: number; fence: number },
    now: Date,
  ): Promise<number | null> {
    const credential = await em.findOne(Credential, { account: account.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    const consumed =
      credential &&
      (credential.version === claim.version ||
        (credential.parentVersion === claim.version && (credential.parentFence ?? 0) < claim.fence))
    if (!consumed) return null
    const times = await databaseTimes(em, tokens, now)
    credential.keep(tokens, kept, credential.registration, times, this.vault, stored, claim)
    account.refreshed(
      { grantedScopes: tokens.scopes, expiresAt: times.expiresAt, reauthorizationDueAt: tokens.refreshExpiresAt },
      now,
    )
    return credential.version
  }

  /** Erases what an account unlocks. @returns what was there, for revocation; null where nothing was */
  async erase(
    em: EntityManager,
    account: ConnectedAccount,
  ): Promise<{ tokens: StoredTokens; known: Record<string, unknown> } | null> {
    const credential = await em.findOne(Credential, { account: account.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!credential) return null
    account.erasedVersion = credential.version
    em.remove(credential)
    try {
      const { tokens, access } = credential.open(this.vault)
      return { tokens, known: { ...access.found, ...access.fields } }
    } catch (error) {
      // What does not open can be revoked by nobody; it is erased all the same.
      if (error instanceof SealBroken) return null
      throw error
    }
  }

  /** Secret form values that an account has already, for an update that gives some of them. */
  async secretFields(em: EntityManager, account: ConnectedAccount): Promise<Record<string, string>> {
    const credential = await em.findOne(Credential, { account: account.uuid })
    return credential?.open(this.vault).access.fields ?? {}
  }

  /** The user must consent again then, whatever happens: the refresh token's own end, or the consent's. */
  private dueAt(connection: Connection, tokens: TokenSet, now: Date): Date | null {
    const method = this.setups.methodOf(connection)
    if (!method.redirects) return null
    const refresh = renewal(method.runs)
    const ends = [
      tokens.refreshExpiresAt,
      refresh !== false && refresh.maxAgeDays ? new Date(now.getTime() + refresh.maxAgeDays * DAY) : null,
      refresh === false ? tokens.expiresAt : null,
    ].filter((end) => end !== null)
    return ends.length === 0 ? null : new Date(Math.min(...ends.map((end) => end.getTime())))
  }
}

/** Moves an expiry from this machine's clock to the database's, by which every replica reads it. */
async function databaseTimes(
  em: EntityManager,
  tokens: TokenSet,
  now: Date,
): Promise<{ obtainedAt: Date; expiresAt: Date | null }> {
  const [row] = await em.execute<{ now: string | Date }[]>('select clock_timestamp() as now')
  const obtainedAt = new Date(row?.now ?? now)
  return {
    obtainedAt,
    expiresAt: tokens.expiresAt && new Date(obtainedAt.getTime() + tokens.expiresAt.getTime() - Date.now()),
  }
}
