/**
 * Stores credentials. The callback, the hosted form, an import and a refresh all end here: no other code
 * writes a credential row.
 */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Connection } from '../connections/connection.js'
import type { Registration } from '../connections/registration.js'
import type { Setups } from '../connections/setups.js'
import { ValetkeyError } from '../errors.js'
import type { Identity } from '../oauth/api/identity.js'
import { renewal } from '../oauth/definition.js'
import { firstEnd, merged, type StoredTokens, type TokenSet } from '../oauth/token-endpoint/token-set.js'
import { SealBroken, type Vault } from '../vault/vault.js'
import { type AccessSecret, Credential } from './credential.secret.js'

const DAY = 24 * 3600 * 1000

/** A new authorization or import that is to be stored. */
export interface NewGrant {
  tokens: TokenSet
  /** Scopes of the authorization request. */
  requestedScopes: string[]
  identity: Identity | null
  /** Values that the callback and the lookups returned; see `AccessSecret.found`. */
  found: Record<string, unknown>
  /** Secret values of the account form. */
  fields: Record<string, string>
  /** A remark for the developer about a grant that works. */
  note?: string | null
}

/** Called in the transaction that stores new credentials: it cancels a refresh that is under way. */
export type Renewed = (em: EntityManager, accountUuid: string) => Promise<void>

/** Writes, replaces and erases credential rows. */
export class Grants {
  constructor(
    private readonly setups: Setups,
    private readonly vault: Vault,
    private readonly renewed: Renewed,
  ) {}

  /**
   * Stores an authorization or an import: the new credentials replace the old ones when `em`'s
   * transaction commits. A refresh that is under way stores nothing after this.
   *
   * @param account locked by that transaction
   * @throws {ValetkeyError} CONFLICT when the identity at the provider is not the one of before; the old
   *   credentials stay
   */
  async accept(em: EntityManager, account: ConnectedAccount, connection: Connection, grant: NewGrant, now: Date) {
    this.assertSamePerson(account, grant.identity)
    const credential =
      (await em.findOne(Credential, { account: account.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ??
      new Credential(account)
    const times = { obtainedAt: now, expiresAt: this.endOf(connection, grant.tokens) }
    credential.keep(grant.tokens, grant, this.setups.registration(connection), times, this.vault, null, null)
    em.persist(credential)
    await this.renewed(em, account.uuid)
    account.secretsSet = Object.keys(grant.fields)
    account.granted(
      {
        requestedScopes: grant.requestedScopes,
        // RFC 6749 §5.1: an answer without scope grants the requested scopes.
        grantedScopes: grant.tokens.scopes ?? grant.requestedScopes,
        expiresAt: times.expiresAt,
        reauthorizationDueAt: this.dueAt(connection, grant.tokens, now),
        identity: grant.identity,
        note: grant.note ?? null,
      },
      now,
    )
  }

  /** @throws {ValetkeyError} CONFLICT when both identities are known, and they or their tenants differ */
  assertSamePerson(account: ConnectedAccount, identity: Identity | null) {
    if (!account.identity || !identity) return
    // Whoever completes a link reads this: it does not say who the other one is.
    if (account.identity.subject !== identity.subject)
      throw new ValetkeyError(
        'CONFLICT',
        'Another person signed in at the provider than the one whose account this is. ' +
          'Sign in as the one who connected it, or have the account disconnected first.',
      )
    if (account.identity.tenant && identity.tenant && account.identity.tenant !== identity.tenant)
      throw new ValetkeyError(
        'CONFLICT',
        'Another company, organisation or workspace was chosen at the provider than the one that this account is ' +
          'for. Choose the same one, or have the account disconnected first.',
      )
  }

  /**
   * Whether revoking a grant of this identity may end one that is in use: many providers end all grants of a person
   * to an app at once.
   *
   * @param identity of the grant that is not kept; null where it could not be read
   */
  async mayBeShared(
    em: EntityManager,
    account: ConnectedAccount,
    connection: Connection,
    identity: Identity | null,
  ): Promise<boolean> {
    if (!identity) return this.has(em, account)
    const others = await em.count(ConnectedAccount, {
      connection: connection.uuid,
      status: { $in: [AccountStatus.ACTIVE, AccountStatus.SUSPENDED] },
      identity: { subject: identity.subject },
    })
    return others > 0
  }

  /**
   * Stores the tokens of a refresh over the version that it consumed.
   *
   * @param stored the tokens before the refresh
   * @param secrets the other stored values, which stay as they are
   * @param claim the consumed version, and the fence of the refresh
   * @param registration of the connection that the refresh was sent for
   * @returns the version of the stored tokens; null where the row holds newer ones, and nothing was stored
   */
  async renew(
    em: EntityManager,
    account: ConnectedAccount,
    tokens: TokenSet,
    stored: StoredTokens,
    secrets: Pick<AccessSecret, 'found' | 'fields'>,
    claim: { version: number; fence: number },
    registration: Registration,
    now: Date,
  ): Promise<number | null> {
    const credential = await em.findOne(Credential, { account: account.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (credential?.version !== claim.version) return null
    const times = { obtainedAt: now, expiresAt: this.endOf(account.connection.unwrap(), merged(stored, tokens)) }
    credential.keep(tokens, secrets, registration, times, this.vault, stored, claim)
    account.refreshed(
      { grantedScopes: tokens.scopes, expiresAt: times.expiresAt, reauthorizationDueAt: tokens.refreshExpiresAt },
      now,
    )
    return credential.version
  }

  /**
   * Erases an account's credential.
   *
   * @returns the erased tokens, for revocation, and the account's template values; null where there were
   *   none, or where they could not be decrypted
   */
  async erase(
    em: EntityManager,
    account: ConnectedAccount,
  ): Promise<{ tokens: StoredTokens; values: Record<string, unknown>; registration: Registration } | null> {
    const credential = await em.findOne(Credential, { account: account.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!credential) return null
    account.erasedVersion = credential.version
    em.remove(credential)
    try {
      const { tokens, access } = credential.open(this.vault)
      return { tokens, values: { ...access.found, ...access.fields }, registration: credential.registeredFor() }
    } catch (error) {
      // Tokens that cannot be decrypted cannot be revoked; they are erased all the same.
      if (error instanceof SealBroken) return null
      throw error
    }
  }

  /**
   * What an update that changes only some values goes on from.
   *
   * @returns the secret form values by field key, and what they were given for; null where nothing is stored
   * @throws {SealBroken}
   */
  async kept(
    em: EntityManager,
    account: ConnectedAccount,
  ): Promise<{ fields: Record<string, string>; registration: Registration } | null> {
    const credential = await em.findOne(Credential, { account: account.uuid })
    return credential && { fields: credential.open(this.vault).access.fields, registration: credential.registeredFor() }
  }

  /** Whether the account has credentials stored. */
  async has(em: EntityManager, account: ConnectedAccount): Promise<boolean> {
    return (await em.count(Credential, { account: account.uuid })) > 0
  }

  /** When what an account unlocks has to be renewed: at the end of the first token that can be. */
  private endOf(connection: Connection, tokens: StoredTokens): Date | null {
    const refresh = renewal(this.setups.methodOf(connection).runs)
    return refresh !== false && refresh.using === 'refresh_token' ? firstEnd(tokens) : (tokens.expiresAt ?? null)
  }

  /** When the user has to authorize again at the latest: the end of the refresh token or of the consent. */
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
