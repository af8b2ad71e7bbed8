import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import type { Connection } from '../connections/connection.js'
import { sha256 } from '../hash.js'
import { newUuid } from '../ids.js'
import type { SealedTable } from '../vault/sealed-tables.js'
import type { Place, Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'

const secretsPlace = (row: string): Place => ({ table: 'authorization_request', column: 'verifier', row })

/** Where this table holds sealed values. */
export const SEALED_REQUESTS: SealedTable = {
  table: 'authorization_request',
  key: { id: 'uuid' },
  columns: ['verifier'],
  place: ({ id }) => secretsPlace(String(id)),
}

/** A request is consumed by the first callback that matches it. */
export enum RequestStatus {
  STARTED = 'STARTED',
  CONSUMED = 'CONSUMED',
}

/** Secrets of a request that are stored, encrypted, until the callback. */
export interface RequestSecrets {
  /** The PKCE verifier, or the request token's secret. */
  secret: string
  /** Form values that the user entered before the redirect, by field key: the ones that are not secret. */
  values: Record<string, string>
  /** The secret ones. */
  fields: Record<string, string>
}

/**
 * One redirect of a browser to the provider, started from a link (RFC 6749 §4.1.1). The values that the
 * callback has to present are stored as hashes; the PKCE verifier is encrypted. One without a redirect URI led nowhere,
 * since the provider was away: it keeps what the user had entered.
 */
@Entity()
export class AuthorizationRequest {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  @ManyToOne({ entity: () => AuthorizationLink, ref: true, joinColumn: 'link_id', deleteRule: 'cascade' })
  readonly link!: Ref<AuthorizationLink>

  @Unique()
  @Property({ type: 'blob', hidden: true })
  readonly stateHash: Buffer

  /** SHA-256 of the secret in the cookie of the browser that started the request. */
  @Property({ type: 'blob', hidden: true })
  readonly browserHash: Buffer

  /** `RequestSecrets`, encrypted. */
  @Property({ type: 'blob', hidden: true })
  readonly verifier: Buffer

  @Property({ type: 'uuid' })
  readonly connectionId: string

  @Property({ type: 'integer' })
  readonly connectionVersion: number

  @Property({ type: 'text' })
  readonly redirectUri: string

  @Enum({ items: () => RequestStatus })
  readonly status: RequestStatus = RequestStatus.STARTED

  @Index()
  @Property({ type: 'datetime', length: 3 })
  readonly expiresAt: Date

  constructor(
    link: AuthorizationLink,
    connection: Connection,
    values: { state: string; browserSecret: string; secrets: RequestSecrets; redirectUri: string; expiresAt: Date },
    vault: Vault,
  ) {
    this.link = ref(link)
    this.stateHash = stateHash(connection.uuid, values.state)
    this.browserHash = sha256(values.browserSecret)
    this.connectionId = connection.uuid
    this.connectionVersion = connection.version
    this.redirectUri = values.redirectUri
    this.expiresAt = values.expiresAt
    this.verifier = vault.seal(JSON.stringify(values.secrets), secretsPlace(this.uuid))
  }
}

/**
 * SHA-256 of a state, bound to its connection: in OAuth 1.0a the state is the provider's request token
 * (RFC 5849), and two providers may issue the same one.
 */
export function stateHash(connectionUuid: string, state: string): Buffer {
  return sha256(`${connectionUuid} ${state}`)
}

/** Decrypts the column `verifier`. @throws {SealBroken} */
export function openRequestSecrets(requestUuid: string, sealed: Buffer, vault: Vault): RequestSecrets {
  return JSON.parse(vault.open(sealed, secretsPlace(requestUuid)))
}
