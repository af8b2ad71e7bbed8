/**
 * What an account unlocks: sealed to that account and to the row's version, so that an older one put
 * back does not open. Never an @ObjectType; no public class points here.
 *
 * The lease columns are written by refresh.ts in SQL alone, so that no flush of an older picture of
 * the row can undo a claim (security.md §4.2).
 */
import { type Ref, ref } from '@mikro-orm/core'
import { Entity, OneToOne, Property } from '@mikro-orm/decorators/legacy'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { StoredTokens, TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { Vault } from '../vault/vault.js'

/** What serves a token query. Dates are ISO 8601. */
export interface AccessSecret {
  accessToken: string
  tokenType: string
  named: TokenSet['named']
  captured: Record<string, unknown>
  /** What the callback and the lookups after connecting found out: `account.*` of the templates. */
  found: Record<string, unknown>
  /** Secret values of the account form. */
  fields: Record<string, string>
}

const TABLE = 'credential'

@Entity()
export class Credential {
  @OneToOne({
    entity: () => ConnectedAccount,
    primary: true,
    owner: true,
    ref: true,
    deleteRule: 'cascade',
    joinColumn: 'account_id',
  })
  readonly account!: Ref<ConnectedAccount>

  /** Counts the token sets that this row has held: a refresh commits only over the one that it consumed. */
  @Property({ type: 'integer' })
  version: number

  @Property({ type: 'blob', hidden: true })
  private access!: Buffer

  @Property({ type: 'blob', nullable: true, hidden: true })
  private refresh: Buffer | null = null

  /** Fingerprint of the connection's app and address that the tokens were given to. */
  @Property({ type: 'string', length: 64 })
  registration!: string

  @Property({ type: 'datetime', length: 3 })
  obtainedAt!: Date

  @Property({ type: 'datetime', length: 3, nullable: true })
  expiresAt: Date | null = null

  /** The version and the fence of the refresh that wrote this row; null when a user's authorization did. */
  @Property({ type: 'integer', nullable: true })
  parentVersion: number | null = null

  @Property({ type: 'integer', nullable: true })
  parentFence: number | null = null

  constructor(account: ConnectedAccount) {
    this.account = ref(account)
    this.version = account.erasedVersion
  }

  /**
   * Takes a token set in. A refresh token that the provider did not send again is kept from `stored`.
   *
   * @param times by the database's clock
   * @param parent the version and fence of the refresh that brought it, if one did
   */
  keep(
    tokens: TokenSet,
    { found, fields }: Pick<AccessSecret, 'found' | 'fields'>,
    registration: string,
    times: { obtainedAt: Date; expiresAt: Date | null },
    vault: Vault,
    stored: StoredTokens | null,
    parent: { version: number; fence: number } | null,
  ) {
    this.version += 1
    const version = this.version
    const row = this.account.unwrap().uuid
    const refreshToken = tokens.refreshToken ?? stored?.refreshToken ?? null
    const named = Object.fromEntries(
      Object.entries(tokens.named).map(([name, token]) => [
        name,
        { ...token, refresh: token.refresh ?? stored?.named[name]?.refresh ?? null },
      ]),
    )
    const secret: AccessSecret = {
      accessToken: tokens.accessToken,
      tokenType: tokens.tokenType,
      named: { ...stored?.named, ...named },
      captured: { ...stored?.captured, ...tokens.captured },
      found,
      fields,
    }
    this.access = vault.seal(JSON.stringify(secret), { table: TABLE, column: 'access', row, version })
    this.refresh =
      refreshToken === null ? null : vault.seal(refreshToken, { table: TABLE, column: 'refresh', row, version })
    this.registration = registration
    this.obtainedAt = times.obtainedAt
    this.expiresAt = times.expiresAt
    this.parentVersion = parent?.version ?? null
    this.parentFence = parent?.fence ?? null
  }

  open(vault: Vault): { access: AccessSecret; tokens: StoredTokens } {
    return openCredential(
      { account_id: this.account.unwrap().uuid, version: this.version, access: this.access, refresh: this.refresh },
      vault,
    )
  }
}

/** The sealed columns as SQL gives them. */
export interface SealedRow {
  account_id: string
  version: number
  access: Buffer
  refresh: Buffer | null
}

/** Opens only what a token query needs: the refresh token stays sealed. @throws {SealBroken} */
export function openAccess({ account_id, version, access }: Omit<SealedRow, 'refresh'>, vault: Vault): AccessSecret {
  return JSON.parse(vault.open(access, { table: TABLE, column: 'access', row: account_id, version }))
}

/** @throws {SealBroken} */
export function openCredential(row: SealedRow, vault: Vault): { access: AccessSecret; tokens: StoredTokens } {
  const access = openAccess(row, vault)
  const refreshToken =
    row.refresh === null
      ? null
      : vault.open(row.refresh, { table: TABLE, column: 'refresh', row: row.account_id, version: row.version })
  return {
    access,
    tokens: { accessToken: access.accessToken, refreshToken, named: access.named, captured: access.captured },
  }
}
