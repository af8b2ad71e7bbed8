/**
 * The credential of an account, encrypted. The encryption is bound to the account and to the row's
 * version, so that a row restored from an older copy does not decrypt. Never an @ObjectType, and no public
 * class refers to this one, so that GraphQL cannot reach it.
 */
import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Index, OneToOne, Property } from '@mikro-orm/decorators/legacy'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Registration } from '../connections/registration.js'
import { merged, type StoredTokens, type TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { SealedTable } from '../vault/sealed-tables.js'
import type { Place, Vault } from '../vault/vault.js'

/** What a token query needs, as stored JSON. Dates are ISO 8601 in UTC. */
export interface AccessSecret {
  accessToken: string
  tokenType: string
  /** Of the main token; a row of before has none, and only the column. */
  expiresAt?: Date | null
  named: TokenSet['named']
  captured: Record<string, unknown>
  /** Values that the callback and the lookups after connecting returned: `account.*` of the templates. */
  found: Record<string, unknown>
  /** Secret values of the account form. */
  fields: Record<string, string>
}

const place = (row: string, version: number, column: string): Place => ({ table: 'credential', column, row, version })

/** Where this table holds sealed values. */
export const SEALED_CREDENTIALS: SealedTable = {
  table: 'credential',
  key: { account_id: 'uuid' },
  columns: ['access', 'refresh'],
  also: ['version'],
  place: ({ account_id, version }, column) => place(String(account_id), Number(version), column),
}

/** The row of the table `credential`: one for each account that has credentials. */
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

  /** Counts the token sets that this row has held: a refresh replaces only the version that it consumed. */
  @Property({ type: 'integer' })
  version: number

  @Property({ type: 'blob', hidden: true })
  private access!: Buffer

  @Property({ type: 'blob', nullable: true, hidden: true })
  private refresh: Buffer | null = null

  /**
   * Digest of the app that the tokens were given to: connections/registration.ts. It has nothing to do with client
   * registration (RFC 7591).
   */
  @Property({ type: 'string', length: 64 })
  registration!: string

  /** Digest of the addresses of a custom connector that they were given to; null where they count for nothing. */
  @Property({ type: 'string', length: 64, nullable: true })
  destinations: string | null = null

  @Index()
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

  registeredFor(): Registration {
    return { app: this.registration, destinations: this.destinations }
  }

  /**
   * Encrypts a token set into this row and increments the version. Where the provider sent no new refresh
   * token, that of `stored` stays.
   *
   * @param registration of the connection that got the tokens
   * @param times by the database's clock
   * @param stored the tokens that the refresh consumed; null for a new authorization
   * @param parent the version and fence of the refresh that returned the tokens; null for a new authorization
   */
  keep(
    tokens: TokenSet,
    { found, fields }: Pick<AccessSecret, 'found' | 'fields'>,
    registration: Registration,
    times: { obtainedAt: Date; expiresAt: Date | null },
    vault: Vault,
    stored: StoredTokens | null,
    parent: { version: number; fence: number } | null,
  ) {
    this.version += 1
    const version = this.version
    const row = this.account.unwrap().uuid
    const { refreshToken, ...all } = merged(stored, tokens)
    const secret: AccessSecret = {
      ...all,
      expiresAt: all.expiresAt ?? null,
      tokenType: all.tokenType ?? '',
      found,
      fields,
    }
    this.access = vault.seal(JSON.stringify(secret), place(row, version, 'access'))
    this.refresh = refreshToken === null ? null : vault.seal(refreshToken, place(row, version, 'refresh'))
    this.registration = registration.app
    this.destinations = registration.destinations
    this.obtainedAt = times.obtainedAt
    this.expiresAt = times.expiresAt
    this.parentVersion = parent?.version ?? null
    this.parentFence = parent?.fence ?? null
  }

  /** Decrypts the whole row. @throws {SealBroken} */
  open(vault: Vault): { access: AccessSecret; tokens: StoredTokens } {
    return openCredential(
      { account_id: this.account.unwrap().uuid, version: this.version, access: this.access, refresh: this.refresh },
      vault,
    )
  }
}

/** The encrypted columns as SQL returns them. */
export interface SealedRow {
  account_id: string
  version: number
  access: Buffer
  refresh: Buffer | null
}

/** Decrypts what a token query needs; the refresh token stays encrypted. @throws {SealBroken} */
export function openAccess({ account_id, version, access }: Omit<SealedRow, 'refresh'>, vault: Vault): AccessSecret {
  return JSON.parse(vault.open(access, place(account_id, version, 'access')))
}

/** Decrypts a whole row, the refresh token included. @throws {SealBroken} */
export function openCredential(row: SealedRow, vault: Vault): { access: AccessSecret; tokens: StoredTokens } {
  const access = openAccess(row, vault)
  const refreshToken =
    row.refresh === null ? null : vault.open(row.refresh, place(row.account_id, row.version, 'refresh'))
  const { accessToken, tokenType, expiresAt, named, captured } = access
  return { access, tokens: { accessToken, tokenType, expiresAt, refreshToken, named, captured } }
}
