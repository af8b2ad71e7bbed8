/**
 * A link that takes one user through authorization, once, before it expires.
 *
 *   OPEN ──the user comes back with a grant──▶ USED
 *   OPEN ──revoked──▶ REVOKED        OPEN ──time──▶ EXPIRED
 *
 * Looking at a link changes nothing: scanners and previews look at everything.
 */
import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import { newUuid, toTypeId } from '../ids.js'
import { DateTime, GraphQLURL } from '../scalars.js'

export enum AuthorizationLinkStatus {
  OPEN = 'OPEN',
  USED = 'USED',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
}
registerEnumType(AuthorizationLinkStatus, { name: 'AuthorizationLinkStatus' })

@Entity()
@ObjectType({
  description: 'A single-use, expiring link that takes a user through authorization, whatever the auth type.',
})
export class AuthorizationLink {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  @Field(() => ID)
  get id(): string {
    return toTypeId('link', this.uuid)
  }

  /** Known only while the answer to startAuthorization is written; kept nowhere. */
  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Shown once, in the answer to startAuthorization; null afterwards.',
  })
  url?: string | null

  /** SHA-256 of the 256 random bits in the address. */
  @Unique()
  @Property({ type: 'blob', hidden: true })
  readonly tokenHash: Buffer

  @Index()
  @ManyToOne({ entity: () => ConnectedAccount, ref: true, joinColumn: 'account_id', deleteRule: 'cascade' })
  readonly accountRef!: Ref<ConnectedAccount>

  @Field(() => [String])
  @Property({ type: 'string[]', columnType: 'text[]' })
  readonly scopes: string[]

  @Property({ type: 'text', nullable: true })
  readonly returnUrl: string | null

  /** Where the application confirms who it was; null where it does not. */
  @Property({ type: 'text', nullable: true })
  readonly verifyUrl: string | null

  /** Account form values that the link carries: the user is not asked for them. */
  @Property({ type: 'json', defaultRaw: "'{}'" })
  readonly values: Record<string, string>

  /** The application's, given back unchanged. */
  @Property({ type: 'text', nullable: true })
  readonly state: string | null

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  readonly expiresAt: Date

  @Property({ type: 'datetime', length: 3, nullable: true })
  usedAt: Date | null = null

  @Property({ type: 'datetime', length: 3, nullable: true })
  revokedAt: Date | null = null

  /** Authorizations begun from this link. */
  @Property({ type: 'integer' })
  attempts = 0

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = new Date()

  constructor(
    account: ConnectedAccount,
    values: Pick<
      AuthorizationLink,
      'tokenHash' | 'scopes' | 'returnUrl' | 'verifyUrl' | 'values' | 'state' | 'expiresAt'
    >,
  ) {
    this.accountRef = ref(account)
    this.tokenHash = values.tokenHash
    this.scopes = values.scopes
    this.returnUrl = values.returnUrl
    this.verifyUrl = values.verifyUrl
    this.values = values.values
    this.state = values.state
    this.expiresAt = values.expiresAt
  }

  @Field(() => AuthorizationLinkStatus)
  get status(): AuthorizationLinkStatus {
    if (this.usedAt) return AuthorizationLinkStatus.USED
    if (this.revokedAt) return AuthorizationLinkStatus.REVOKED
    return this.expiresAt <= new Date() ? AuthorizationLinkStatus.EXPIRED : AuthorizationLinkStatus.OPEN
  }

  used(now: Date) {
    this.usedAt = now
  }

  /** A link that was used stays so. */
  revoked(now: Date) {
    if (!this.usedAt) this.revokedAt ??= now
  }
}
