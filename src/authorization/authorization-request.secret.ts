import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import type { Connection } from '../connections/connection.js'
import { sha256 } from '../hash.js'
import { newUuid } from '../ids.js'
import type { Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'

export enum RequestStatus {
  STARTED = 'STARTED',
  CONSUMED = 'CONSUMED',
}

/** What waits here while the browser is away. */
export interface Luggage {
  /** The PKCE verifier, or the request token's secret. */
  secret: string
  /** What the user filled in before leaving. */
  values: Record<string, string>
  fields: Record<string, string>
}

/**
 * One trip of a browser to the provider and back, begun from a link (RFC 6749 §4.1.1). What the
 * callback must bring along is held as hashes; the PKCE verifier is sealed.
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

  /** Of the secret in the cookie of the browser that began. */
  @Property({ type: 'blob', hidden: true })
  readonly browserHash: Buffer

  /** What the callback needs besides: `Luggage`, sealed. */
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
    values: { state: string; browserSecret: string; luggage: Luggage; redirectUri: string; expiresAt: Date },
    vault: Vault,
  ) {
    this.link = ref(link)
    this.stateHash = stateHash(connection.uuid, values.state)
    this.browserHash = sha256(values.browserSecret)
    this.connectionId = connection.uuid
    this.connectionVersion = connection.version
    this.redirectUri = values.redirectUri
    this.expiresAt = values.expiresAt
    this.verifier = vault.seal(JSON.stringify(values.luggage), luggagePlace(this.uuid))
  }
}

/** Of a connection's own: where the state is a provider's request token (RFC 5849), two providers may come upon the same. */
export function stateHash(connectionUuid: string, state: string): Buffer {
  return sha256(`${connectionUuid} ${state}`)
}

/** @param sealed the column as SQL gives it */
export function openLuggage(requestUuid: string, sealed: Buffer, vault: Vault): Luggage {
  return JSON.parse(vault.open(sealed, luggagePlace(requestUuid)))
}

function luggagePlace(row: string) {
  return { table: 'authorization_request', column: 'verifier', row }
}
