import { createHash } from 'node:crypto'
import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import type { Connection } from '../connections/connection.js'
import { newUuid } from '../ids.js'
import type { Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'

export enum RequestStatus {
  STARTED = 'STARTED',
  CONSUMED = 'CONSUMED',
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

  @Property({ type: 'blob', hidden: true })
  private readonly verifier: Buffer

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
    values: { state: string; browserSecret: string; verifier: string; redirectUri: string; expiresAt: Date },
    vault: Vault,
  ) {
    this.link = ref(link)
    this.stateHash = sha256(values.state)
    this.browserHash = sha256(values.browserSecret)
    this.connectionId = connection.uuid
    this.connectionVersion = connection.version
    this.redirectUri = values.redirectUri
    this.expiresAt = values.expiresAt
    this.verifier = vault.seal(values.verifier, verifierPlace(this.uuid))
  }
}

/** @param sealed the column as SQL gives it */
export function openVerifier(requestUuid: string, sealed: Buffer, vault: Vault): string {
  return vault.open(sealed, verifierPlace(requestUuid))
}

export function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}

function verifierPlace(row: string) {
  return { table: 'authorization_request', column: 'verifier', row }
}
